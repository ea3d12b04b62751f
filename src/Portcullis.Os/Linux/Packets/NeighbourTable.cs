using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packets;

/// <summary>The kernel's table of which card an address on a link has, and the ways to have it ask (arp(7); RFC 4861).</summary>
internal static unsafe class NeighbourTable
{
    private const ushort Discard = 9; // RFC 863

    /// <summary>
    /// Whether hosts on a link have cards that are asked for. Tunnels and point-to-point links have none: what is sent comes out at
    /// the other end (arp_constructor, net/ipv4/arp.c).
    /// </summary>
    internal static bool IsAsked(int link)
    {
        int descriptor = LibcSockets.socket(LibcSockets.AF_INET, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC, 0);
        LibcPackets.LinkRequest request = new() { Number = link };
        bool isTold = LibcPackets.ioctl(descriptor, LibcPackets.SIOCGIFNAME, &request) == 0 && LibcPackets.ioctl(descriptor, LibcPackets.SIOCGIFFLAGS, &request) == 0;
        _ = Libc.close(descriptor);
        return !isTold || (request.Number & (LibcPackets.IFF_NOARP | LibcPackets.IFF_POINTOPOINT | LibcPackets.IFF_LOOPBACK)) == 0;
    }

    /// <summary>What is known of a neighbour; null for nothing.</summary>
    internal static NeighbourEntry? Find(int link, IpAddress address)
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
                && entry.Interface == link && entry.Address == address)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Has the kernel ask for a neighbour at once; false where it does not let us.</summary>
    internal static bool TryAsk(int link, IpAddress address, bool isKnown)
    {
        using NetlinkSocket? socket = NetlinkSocket.Open(LibcSockets.NETLINK_ROUTE, out _);
        return socket is not null && socket.Dump(NeighbourEntry.Inquiry(link, address, isKnown)).Error == 0;
    }

    /// <summary>
    /// The same as far as anybody can: the kernel asks for a neighbour that it needs, at once where it knows no card, and after five
    /// seconds where it knows one (delay_first_probe_time, arp(7)). An empty datagram to the discard port is need enough; where our
    /// own firewall keeps that back, a connection to it, of which no more comes than one SYN.
    /// </summary>
    internal static void Need(int link, IpAddress target)
    {
        byte* address = stackalloc byte[SocketAddress.Longest];
        uint length = (uint)SocketAddress.Write(new System.Span<byte>(address, SocketAddress.Longest), target, Discard, link);
        int family = target.Version == IpVersion.V4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6;
        int descriptor = LibcSockets.socket(family, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC, 0);
        bool isSent = LibcPackets.sendto(descriptor, null, 0, LibcPackets.MSG_DONTWAIT | LibcPackets.MSG_NOSIGNAL, address, length) >= 0;
        _ = Libc.close(descriptor);
        if (!isSent)
        {
            descriptor = LibcSockets.socket(family, LibcPackets.SOCK_STREAM | LibcPackets.SOCK_NONBLOCK | LibcSockets.SOCK_CLOEXEC, 0);
            _ = LibcPackets.connect(descriptor, address, length);
            _ = Libc.close(descriptor);
        }
    }
}
