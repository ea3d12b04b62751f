using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Sockets;

/// <summary>Counts the connections of some ports by where their other ends are.</summary>
internal static class PeerTable
{
    private const string What = "who is connected to the listeners";

    /// <summary>Asks the namespace behind the door.</summary>
    /// <param name="door">The door.</param>
    /// <param name="ports">The local ports.</param>
    /// <param name="own">The addresses of the namespace.</param>
    internal static PeerInventory Read(INetworkDoor door, IReadOnlyList<int> ports, HashSet<IpAddress> own)
    {
        Dictionary<int, (int Local, int Others)> counts = [];
        foreach (byte family in (ReadOnlySpan<byte>)[InetDiag.AF_INET, InetDiag.AF_INET6])
        {
            Answer answer = door.Ask(LibcSockets.NETLINK_SOCK_DIAG, PeerDiag.Request(family, ports));
            if (!answer.Ok)
            {
                // Kernels from before 4.16 do not know the filter, some are built without IPv6: nothing else is judged by it.
                return answer.Error is Errno.ENOENT or Errno.EINVAL ? new PeerInventory(null, []) : new PeerInventory(null, [new Gap(What, Errno.Text(answer.Error), null)]);
            }

            NetlinkMessages messages = new(answer.Span);
            while (messages.Next())
            {
                if (messages.Type != InetDiag.SOCK_DIAG_BY_FAMILY || !PeerDiag.TryDecode(messages.Payload, out int port, out IpAddress peer))
                {
                    return new PeerInventory(null, [new Gap(What, "the kernel's answer is malformed", null)]);
                }

                (int local, int others) = counts.GetValueOrDefault(port);
                counts[port] = IsOwn(peer, own) ? (local + 1, others) : (local, others + 1);
            }
        }

        ImmutableArray<PeerCount>.Builder peers = ImmutableArray.CreateBuilder<PeerCount>(counts.Count);
        foreach ((int port, (int local, int others)) in counts)
        {
            peers.Add(new PeerCount(port, local, others));
        }

        peers.Sort(static (left, right) => left.Port - right.Port);
        return new PeerInventory(peers.DrainToImmutable(), []);
    }

    private static bool IsOwn(IpAddress peer, HashSet<IpAddress> own) =>
        own.Contains(peer) || (peer.Version == IpVersion.V4 ? peer.Low >> 24 == 127 : peer is { High: 0, Low: 1 });
}
