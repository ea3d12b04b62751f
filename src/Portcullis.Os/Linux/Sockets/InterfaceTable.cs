using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Sockets;

/// <summary>Reads the interfaces of one namespace and their addresses by rtnetlink(7).</summary>
internal static class InterfaceTable
{
    /// <summary>The interfaces by index; what could not be read goes to <paramref name="gaps"/>.</summary>
    internal static ImmutableArray<NetworkInterface> Read(INetworkDoor door, List<Gap> gaps)
    {
        Answer links = door.Ask(LibcSockets.NETLINK_ROUTE, RouteLink.Request());
        Answer addresses = door.Ask(LibcSockets.NETLINK_ROUTE, RouteAddress.Request());
        if (!links.Ok || !addresses.Ok)
        {
            gaps.Add(new Gap("network interfaces", Errno.Text(links.Ok ? addresses.Error : links.Error), null));
        }

        Dictionary<int, List<IpAddress>> byIndex = [];
        NetlinkMessages messages = new(addresses.Span);
        while (messages.Next())
        {
            if (messages.Type == RouteAddress.RTM_NEWADDR && RouteAddress.TryDecode(messages.Payload, out RouteAddress row) && row.Address is IpAddress address)
            {
                if (!byIndex.TryGetValue(row.Index, out List<IpAddress>? list))
                {
                    byIndex[row.Index] = list = [];
                }

                list.Add(address);
            }
        }

        HashSet<int> classified = Classified(door);
        bool? isPassing = IsPassing(door);
        List<NetworkInterface> interfaces = [];
        messages = new NetlinkMessages(links.Span);
        while (messages.Next())
        {
            if (messages.Type == RouteLink.RTM_NEWLINK && RouteLink.TryDecode(messages.Payload, out RouteLink row))
            {
                _ = LinkSettings.TryDecode(messages.Payload, out LinkSettings settings);
                interfaces.Add(new NetworkInterface
                {
                    Index = row.Index,
                    Name = row.Name,
                    Kind = row.Kind,
                    IsLoopback = row.IsLoopback,
                    IsUp = row.IsUp,
                    HasXdp = row.HasXdp,
                    Forwards4 = settings.V4(LinkSettings.IPV4_DEVCONF_FORWARDING) is int on ? on != 0 : null,
                    Forwards6 = PassesOn(settings, isPassing),
                    HasClassifier = classified.Contains(row.Index),
                    TunnelPort = row.Kind == "wireguard" ? WireGuardPort(door, row.Index) : row.TunnelPort,
                    Addresses = byIndex.TryGetValue(row.Index, out List<IpAddress>? list) ? [.. list.Order()] : [],
                });
            }
        }

        return [.. interfaces.OrderBy(one => one.Index)];
    }

    /// <summary>The switch net.ipv6.conf.all.forwarding, which no interface's row tells; null where it is not told.</summary>
    private static bool? IsPassing(INetworkDoor door)
    {
        NetlinkMessages messages = new(door.Ask(LibcSockets.NETLINK_ROUTE, RouteConfiguration.Request()).Span);
        while (messages.Next())
        {
            if (messages.Type == RouteConfiguration.RTM_NEWNETCONF && RouteConfiguration.TryDecode(messages.Payload, out RouteConfiguration row)
                && row.Index == RouteConfiguration.NETCONFA_IFINDEX_ALL)
            {
                return row.Forwarding;
            }
        }

        return null;
    }

    /// <summary>Whether IPv6 is passed on: the switch of all interfaces decides, and an interface's own can only add to it (ip6_forward in net/ipv6/ip6_output.c).</summary>
    private static bool? PassesOn(LinkSettings settings, bool? isPassing) =>
        settings.V6(LinkSettings.DEVCONF_FORWARDING) is null ? null // without IPv6
        : settings.V6(LinkSettings.DEVCONF_FORCE_FORWARDING) is not (null or 0) ? true
        : isPassing;

    /// <summary>The interfaces with filters for what comes in; none where the kernel has no traffic control.</summary>
    private static HashSet<int> Classified(INetworkDoor door)
    {
        HashSet<int> classified = [];
        NetlinkMessages messages = new(door.Ask(LibcSockets.NETLINK_ROUTE, QueueingDiscipline.Request()).Span);
        while (messages.Next())
        {
            if (messages.Type == QueueingDiscipline.RTM_NEWQDISC && QueueingDiscipline.ClassifiedIn(messages.Payload) is int index && MayHaveFilters(door, index))
            {
                classified.Add(index);
            }
        }

        return classified;
    }

    /// <summary>Whether there is a filter, or the kernel does not tell.</summary>
    private static bool MayHaveFilters(INetworkDoor door, int index)
    {
        Answer answer = door.Ask(LibcSockets.NETLINK_ROUTE, TrafficFilter.Request(index));
        NetlinkMessages messages = new(answer.Span);
        while (messages.Next())
        {
            if (messages.Type == TrafficFilter.RTM_NEWTFILTER)
            {
                return true;
            }
        }

        return !answer.Ok;
    }

    /// <summary>The routes; null where they could not be read.</summary>
    internal static ImmutableArray<NetworkRoute>? Routes(INetworkDoor door)
    {
        Answer answer = door.Ask(LibcSockets.NETLINK_ROUTE, RouteEntry.Request());
        List<NetworkRoute> routes = [];
        NetlinkMessages messages = new(answer.Span);
        while (messages.Next())
        {
            if (messages.Type == RouteEntry.RTM_NEWROUTE && !RouteEntry.TryAdd(messages.Payload, routes))
            {
                return null;
            }
        }

        return answer.Ok ? [.. routes] : null;
    }

    private static int? WireGuardPort(INetworkDoor door, int index) =>
        int.TryParse(door.WireGuardPort(index).Text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535 ? port : null;
}
