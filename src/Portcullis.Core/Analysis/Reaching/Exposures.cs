using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Works out which zones get to a listener.</summary>
internal static class Exposures
{
    private static readonly IpBlock Multicast4 = new(IpAddress.FromV4(0xe000_0000), 4); // RFC 5771
    private static readonly IpBlock Multicast6 = new(IpAddress.FromV6(0xff00UL << 48, 0), 8); // RFC 4291, 2.7
    private static readonly ImmutableArray<IpVersion> s_ipv4 = [IpVersion.V4];
    private static readonly ImmutableArray<IpVersion> s_ipv6 = [IpVersion.V6];
    private static readonly ImmutableArray<IpVersion> s_both = [IpVersion.V4, IpVersion.V6];

    /// <summary>The verdict for each zone; empty for a listener that no firewall stands before, such as a packet socket.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="firewall">The firewall of its namespace; null where its rules were not read.</param>
    /// <param name="zones">The zones.</param>
    /// <param name="only">The one IP version that is asked about; null for all that the listener takes.</param>
    internal static ImmutableArray<Exposure> Of(Listener listener, NamespaceFirewall? firewall, ImmutableArray<ZoneSources> zones, IpVersion? only = null)
    {
        if (ProtocolOf(listener) is not byte protocol)
        {
            return [];
        }

        return [.. zones.Select(zone => IsOutOfReach(listener, zone) ? OutOfReach(zone, firewall)
            : firewall is null ? new Exposure(zone.Name, ReachVerdict.Unknown, null, null, ["the firewall's rules, which were not read"])
            : Of(listener, protocol, firewall, zone, only))];
    }

    private static bool IsOutOfReach(Listener listener, ZoneSources zone) => listener.Scope == Scope.Loopback && !zone.IsHost;

    /// <summary>Nobody else sends to a loopback address, but a program that chooses sockets may give this one what was sent to another (sk_lookup).</summary>
    internal static Exposure OutOfReach(ZoneSources zone, NamespaceFirewall? firewall)
    {
        PacketProgram? chooser = firewall?.Network.Programs.FirstOrDefault(one => one.Hook == ProgramHook.SkLookup);
        return chooser is null
            ? new Exposure(zone.Name, ReachVerdict.Blocked, null, "bound to loopback", [])
            : new Exposure(zone.Name, ReachVerdict.Conditional, null, "bound to loopback", [ProgramText.Of(chooser, "")]);
    }

    private static Exposure Of(Listener listener, byte protocol, NamespaceFirewall firewall, ZoneSources zone, IpVersion? only)
    {
        List<Fate> fates = [];
        bool isTooComplex = false;
        int? port = HasPorts(protocol) ? listener.Port : null;
        foreach (EntranceView way in WaysTo(listener, firewall, zone, only))
        {
            isTooComplex |= way.View is null;
            foreach (ReachRegion region in way.View?.Regions(port) ?? [])
            {
                fates.Add(new Fate(way.Entrance, region));
            }
        }

        Exposure alone = Summary.Of(zone.Name, fates);
        return isTooComplex ? new Exposure(zone.Name, ReachVerdict.Unknown, null, null, ["the firewall's rules, which are too complex to be worked out"])
            : alone.Verdict != ReachVerdict.Blocked || GroupOf(listener, firewall, zone, only) is not { } groups ? alone
            : new Exposure(zone.Name, ReachVerdict.Conditional, "by multicast or broadcast", groups.By?.ToString(), [.. groups.DependsOn, "whether it has joined such a group (ip maddress)"]);
    }

    /// <summary>What lets packets to groups of hosts in, where something does; null where nothing does, or the listener can be in none.</summary>
    private static ReachRegion? GroupOf(Listener listener, NamespaceFirewall firewall, ZoneSources zone, IpVersion? only) =>
        GroupWaysTo(listener, firewall, zone, only).SelectMany(way => way.View?.Regions(listener.Port) ?? []).FirstOrDefault(region => region.Verdict != ReachVerdict.Blocked);

    /// <summary>
    /// How packets to groups of hosts fare on each way in to a listener. A UDP socket that is bound to every address hears the groups that it has
    /// joined, and broadcasts (ip(7), IP_ADD_MEMBERSHIP); firewalls often let some of these in (ufw those of mDNS and SSDP).
    /// </summary>
    internal static IEnumerable<EntranceView> GroupWaysTo(Listener listener, NamespaceFirewall firewall, ZoneSources zone, IpVersion? only) =>
        zone.IsHost || listener is not { Protocol: Protocol.Udp or Protocol.UdpLite, Address: { IsAny: true } or null } || ProtocolOf(listener) is not byte protocol ? []
        : VersionsOf(listener).Where(version => only is null || version == only).SelectMany(version =>
            firewall.Ways(new WayIn(zone, version, protocol, null, listener.Interface, IsGroup: true), DestinationsOf));

    /// <summary>How packets of a zone fare on each way in to a listener, for all its ports.</summary>
    internal static IEnumerable<EntranceView> WaysTo(Listener listener, NamespaceFirewall firewall, ZoneSources zone, IpVersion? only) =>
        ProtocolOf(listener) is not byte protocol || IsOutOfReach(listener, zone) ? []
        : VersionsOf(listener).Where(version => only is null || version == only).SelectMany(version =>
            firewall.Ways(new WayIn(zone, version, protocol, listener.Address is { IsAny: false } one ? one.Unmapped() : null, listener.Interface), DestinationsOf));

    internal static bool HasPorts(byte protocol) => protocol is 6 or 17 or 33 or 132 or 136;

    private static ImmutableArray<IpVersion> VersionsOf(Listener listener) => listener.Family switch
    {
        AddressFamily.Ipv4 => s_ipv4,
        AddressFamily.Ipv6 => s_ipv6,
        _ => s_both,
    };

    private static bool IsGroup(IpAddress address) => address.IsIn(Multicast4.Prefix, Multicast4.Length) || address.IsIn(Multicast6.Prefix, Multicast6.Length);

    /// <summary>
    /// The addresses at which the zone can ask for the listener: link-local ones are for the link alone (RFC 4007, 6), but whoever is on the link
    /// may send to a group with any address of his own.
    /// </summary>
    private static ImmutableArray<IpBlock> DestinationsOf(WayIn way, NetworkNamespace network)
    {
        if (way.IsGroup)
        {
            return way.Version == IpVersion.V4 ? [Multicast4, new IpBlock(IpAddress.FromV4(uint.MaxValue), 32)] : [Multicast6];
        }

        IEnumerable<IpAddress> addresses = way.Address is IpAddress one ? [one]
            : NamespaceFirewall.AddressesOf(network, way.Zone.IsHost);
        return
        [
            .. addresses.Where(address => address.Version == way.Version && (way.Zone.IsHost || way.Zone.Name == Zone.Link || IsGroup(address) || AddressScope.Of(address, null) != Scope.Link))
                .Select(address => new IpBlock(address, way.Version == IpVersion.V4 ? 32 : 128)),
        ];
    }

    /// <summary>The number of the protocol in IP (IANA "Protocol Numbers"); null where packets do not pass the firewall on their way to the listener.</summary>
    internal static byte? ProtocolOf(Listener listener) => listener.Protocol switch
    {
        Protocol.Tcp => 6,
        Protocol.Udp => 17,
        Protocol.Dccp => 33,
        Protocol.Sctp => 132,
        Protocol.UdpLite => 136,
        Protocol.Raw => (byte)Math.Min(listener.Port, 255),
        _ => null,
    };
}
