using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Core.Wire.Packets;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Twins;

/// <summary>The interfaces of a twin: with the names, indexes, addresses, routes and switches of the host's, each with its other end outside.</summary>
internal sealed class TwinNetwork
{
    private const int Most = 512;
    private const int Loopback = 1; // the index of "lo" in every namespace (LOOPBACK_IFINDEX)

    // Locally administered (IEEE 802, 2.1): the first for the twin's ends, the other for the outside's.
    private const ulong OwnCards = 0x02_00_00_00_00_00;
    private const ulong OtherCards = 0x06_00_00_00_00_00;

    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    private TwinNetwork()
    {
    }

    /// <summary>The indexes of the outside's ends, which are those of the twin's.</summary>
    internal IEnumerable<int> Ends => _indexes.Values;

    /// <summary>The index of an interface; null where the twin has none of that name.</summary>
    internal int? IndexOf(string name) => _indexes.TryGetValue(name, out int index) ? index : null;

    /// <summary>The card of the twin's end of an interface.</summary>
    internal static MacAddress OwnCard(int index) => new(OwnCards | (uint)index);

    /// <summary>The card of the outside's end.</summary>
    internal static MacAddress OtherCard(int index) => new(OtherCards | (uint)index);

    /// <summary>Builds them in the namespace of the calling thread.</summary>
    /// <param name="door">The namespace's door.</param>
    /// <param name="host">The host's namespace.</param>
    /// <param name="outside">A descriptor of the namespace in which the other ends are to be.</param>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static TwinNetwork Build(INetworkDoor door, NetworkNamespace host, int outside)
    {
        TwinNetwork network = new();
        NetworkInterface[] interfaces = [.. host.Interfaces.Where(static one => one.IsUp && !one.IsLoopback)];
        if (interfaces.Length > Most)
        {
            throw new ProbeException(string.Create(CultureInfo.InvariantCulture, $"this host has {interfaces.Length} interfaces, more than {Most}"));
        }

        Must(door, RouteRequests.Up(Loopback, asks: true), "lo cannot be switched on");
        foreach (NetworkInterface one in interfaces)
        {
            string end = string.Create(CultureInfo.InvariantCulture, $"end{one.Index}");
            Must(door, RouteRequests.Pair(one.Index, one.Name, OwnCard(one.Index), end, one.Index, OtherCard(one.Index), outside), $"the interface {one.Name} cannot be made");
            network._indexes[one.Name] = one.Index;
        }

        CopySwitches(host);
        foreach (NetworkInterface one in interfaces)
        {
            Must(door, RouteRequests.Up(one.Index, asks: false), $"{one.Name} cannot be switched on");
            foreach (IpAddress address in one.Addresses)
            {
                Must(door, RouteRequests.Address(one.Index, address), $"{one.Name} cannot have the address {address}");
            }
        }

        foreach (IpAddress address in host.Interfaces.Where(static one => one is { IsUp: true, IsLoopback: true }).SelectMany(static one => one.Addresses))
        {
            _ = door.Ask(LibcSockets.NETLINK_ROUTE, RouteRequests.Address(Loopback, address)); // it has 127.0.0.1 and ::1 already
        }

        // The longest first does not matter to the kernel; that two of one block are on different interfaces does, and then the first counts.
        foreach (NetworkRoute route in (host.Routes ?? []).Where(route => route.Table == NetworkRoute.MainTable && interfaces.Any(one => one.Index == route.Interface)))
        {
            _ = door.Ask(LibcSockets.NETLINK_ROUTE, RouteRequests.Route(route));
        }

        return network;
    }

    /// <summary>What of the host's stack decides about packets; the files below /proc/sys/net are those of the calling thread's namespace.</summary>
    private static void CopySwitches(NetworkNamespace host)
    {
        foreach (StackSetting setting in host.Stack ?? [])
        {
            if (!setting.Name.StartsWith("net.ipv", StringComparison.Ordinal))
            {
                continue;
            }

            // In a name a dot is written as a slash, and the other way round (sysctl(8)).
            string path = "/proc/sys/" + string.Create(setting.Name.Length, setting.Name, static (to, name) =>
            {
                for (int at = 0; at < to.Length; at++)
                {
                    to[at] = name[at] switch { '.' => '/', '/' => '.', char other => other };
                }
            });
            try
            {
                if (File.Exists(path))
                {
                    File.WriteAllText(path, setting.Value + "\n");
                }
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // One that only the first namespace has, or that is read-only: it is the same for all then.
            }
        }
    }

    private static void Must(INetworkDoor door, byte[] request, string what)
    {
        Answer answer = door.Ask(LibcSockets.NETLINK_ROUTE, request);
        if (!answer.Ok)
        {
            throw new ProbeException($"{what}: {Errno.Text(answer.Error)}");
        }
    }
}
