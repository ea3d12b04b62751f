using System;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packets;

/// <summary>The way to a target: from which address, by which interface, to which card.</summary>
internal sealed record Route
{
    private const ushort Discard = 9; // RFC 863
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3.2); // the kernel asks three times, a second apart (arp(7))

    /// <summary>The address that packets are sent from.</summary>
    internal required IpAddress Source { get; init; }

    /// <summary>The interface's index.</summary>
    internal required int Interface { get; init; }

    /// <summary>Whether the target is this machine.</summary>
    internal required bool IsLocal { get; init; }

    /// <summary>Whether no router stands between.</summary>
    internal required bool IsOnLink { get; init; }

    /// <summary>The router; null for none.</summary>
    internal IpAddress? Gateway { get; init; }

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="ProbeException">There is no way.</exception>
    internal static Route To(IpAddress target)
    {
        using NetlinkSocket socket = NetlinkSocket.Open(LibcSockets.NETLINK_ROUTE, out int error) ?? throw new ProbeException($"the kernel refuses to tell the route: {Errno.Text(error)}");
        Answer answer = socket.Dump(RouteAnswer.Request(target));
        NetlinkMessages messages = new(answer.Bytes.Span);
        if (answer.Error != 0 || !messages.Next() || !RouteAnswer.TryDecode(messages.Payload, out RouteAnswer route))
        {
            throw new ProbeException($"there is no route to it ({Errno.Text(answer.Error)})");
        }

        return new Route
        {
            Source = route.Source ?? throw new ProbeException("the kernel has no address to send from"),
            Interface = route.Interface,
            IsLocal = route.Type == RouteAnswer.Local,
            IsOnLink = route.Gateway is null,
            Gateway = route.Gateway,
        };
    }

    /// <summary>The card that packets to the target are handed to; empty where the link has no such addresses.</summary>
    /// <exception cref="ProbeException">Nobody on the link answers for it.</exception>
    internal byte[] Neighbour(IpAddress target)
    {
        IpAddress next = Gateway ?? target;
        long start = Clock.Now;
        bool isAsked = false;
        while (true)
        {
            NeighbourEntry? known = Known(next);
            if (known is { Card.Length: > 0 } entry)
            {
                return entry.Card.ToArray();
            }

            if (isAsked && known is null && Clock.Now - start > 20_000)
            {
                return []; // the kernel sent, and has no neighbours there: a tunnel, or a point-to-point link
            }

            if (Clock.Now - start > Patience.TotalMicroseconds || (isAsked && known is { HasFailed: true }))
            {
                throw new ProbeException($"no host on the link answers for {next} (ARP or neighbour discovery)");
            }

            if (!isAsked)
            {
                Ask(target);
                isAsked = true;
            }

            Thread.Sleep(1);
        }
    }

    private NeighbourEntry? Known(IpAddress address)
    {
        using NetlinkSocket? socket = NetlinkSocket.Open(LibcSockets.NETLINK_ROUTE, out _);
        if (socket is null)
        {
            return null;
        }

        Answer answer = socket.Dump(NeighbourEntry.Request());
        NetlinkMessages messages = new(answer.Bytes.Span);
        while (messages.Next())
        {
            if (messages.Type == NeighbourEntry.RTM_NEWNEIGH && NeighbourEntry.TryDecode(messages.Payload, out NeighbourEntry entry)
                && entry.Interface == Interface && entry.Address == address)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Has the kernel look for the neighbour: an empty datagram to the target's discard port does.</summary>
    private unsafe void Ask(IpAddress target)
    {
        int descriptor = LibcSockets.socket(target.Version == IpVersion.V4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC, 0);
        byte* address = stackalloc byte[SocketAddress.Longest];
        int length = SocketAddress.Write(new Span<byte>(address, SocketAddress.Longest), target, Discard, Interface);
        _ = LibcPackets.sendto(descriptor, null, 0, LibcPackets.MSG_DONTWAIT | LibcPackets.MSG_NOSIGNAL, address, (uint)length);
        _ = Libc.close(descriptor);
    }
}
