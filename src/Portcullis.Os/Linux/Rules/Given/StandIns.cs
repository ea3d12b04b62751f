using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules.Given;

/// <summary>
/// Interfaces that do nothing but have the names and indexes of others: rules may name an interface by its index (iif, oif), and then it has to
/// be there when they are loaded.
/// </summary>
internal static class StandIns
{
    // Kinds that need no other interface and lead nowhere; not every kernel has each.
    private static readonly string[] Kinds = ["dummy", "bridge", "ifb"];

    /// <summary>Makes them; tells the names of those that could not be made with their index.</summary>
    internal static ImmutableArray<string> Make(INetworkDoor door, ImmutableArray<NetworkInterface> wanted)
    {
        Dictionary<string, int> there = InterfaceTable.Read(door, []).GroupBy(one => one.Name).ToDictionary(one => one.Key, one => one.First().Index, StringComparer.Ordinal);
        List<string> failed = [];
        int kind = 0;
        foreach (NetworkInterface one in wanted)
        {
            if (there.TryGetValue(one.Name, out int index))
            {
                if (index != one.Index)
                {
                    failed.Add(one.Name);
                }

                continue;
            }

            Answer made;
            do
            {
                made = door.Ask(LibcSockets.NETLINK_ROUTE, RouteLink.Creation(one.Index, one.Name, Kinds[kind]));
            }
            while (made.Error == Errno.EOPNOTSUPP && ++kind < Kinds.Length);
            kind = Math.Min(kind, Kinds.Length - 1);
            if (!made.Ok)
            {
                failed.Add(one.Name);
                if (made.Error == Errno.EBUSY || made.Error == Errno.EEXIST)
                {
                    // Another has that index (a tunnel that every namespace gets); by name it can still be found.
                    _ = door.Ask(LibcSockets.NETLINK_ROUTE, RouteLink.Creation(0, one.Name, Kinds[kind]));
                }
            }
        }

        return [.. failed];
    }
}
