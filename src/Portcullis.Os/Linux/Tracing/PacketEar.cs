using System;
using System.Runtime.InteropServices;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Packets;

namespace Portcullis.Os.Linux.Tracing;

/// <summary>Hears whole packets of one connection, and ICMP, before this machine's own rules see them (packet(7)).</summary>
internal sealed unsafe class PacketEar : IDisposable
{
    private const int SO_TIMESTAMPNS = 35; // asm-generic/socket.h; also the type of the control message
    private const int PACKET_AUXDATA = 8; // linux/if_packet.h
    private const int Alignment = 8; // CMSG_ALIGN
    private const int ControlHeader = 16; // struct cmsghdr: length, level, type

    private readonly int _descriptor;

    private PacketEar(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens one.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static PacketEar Open(IpAddress target, ushort firstPort, ushort lastPort)
    {
        // Bound to no protocol first, so that nothing comes in before the filter is set.
        int descriptor = LibcSockets.socket(LibcPackets.AF_PACKET, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC | LibcPackets.SOCK_NONBLOCK, 0);
        int yes = 1;
        byte* address = stackalloc byte[SocketAddress.Longest];
        int length = SocketAddress.WriteLink(
            new Span<byte>(address, SocketAddress.Longest), target.Version == IpVersion.V4 ? LibcPackets.ETH_P_IP : LibcPackets.ETH_P_IPV6, 0, []);
        bool isReady = descriptor >= 0
            && PacketFilter.TryAttach(descriptor, AnswerFilter.For(target, firstPort, lastPort))
            && LibcSockets.setsockopt(descriptor, LibcPackets.SOL_PACKET, LibcPackets.PACKET_IGNORE_OUTGOING, &yes, sizeof(int)) == 0
            && LibcSockets.setsockopt(descriptor, LibcPackets.SOL_PACKET, PACKET_AUXDATA, &yes, sizeof(int)) == 0
            && LibcSockets.setsockopt(descriptor, LibcSockets.SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof(int)) == 0
            && LibcPackets.bind(descriptor, address, (uint)length) == 0;
        if (!isReady)
        {
            string why = Errno.Text(Errno.Last);
            _ = Libc.close(descriptor);
            throw new ProbeException($"a packet socket is refused: {why}");
        }

        return new PacketEar(descriptor);
    }

    /// <summary>The longest packet that a link takes; null where it does not tell.</summary>
    internal int? LongestPacketOf(int link)
    {
        LibcPackets.LinkRequest request = new() { Number = link };
        return LibcPackets.ioctl(_descriptor, LibcPackets.SIOCGIFNAME, &request) == 0 && LibcPackets.ioctl(_descriptor, LibcPackets.SIOCGIFMTU, &request) == 0 ? request.Number : null;
    }

    /// <summary>Waits until something has come, at most so many microseconds.</summary>
    internal void Wait(long microseconds)
    {
        LibcPackets.PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = LibcPackets.POLLIN };
        LibcPackets.Time time = new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1_000 };
        _ = LibcPackets.ppoll(&descriptor, 1, &time, null);
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="to">Where the packet is put.</param>
    /// <param name="stamp">When it came, nanoseconds since 1970; 0 where the kernel did not tell.</param>
    /// <param name="isIntact">Whether its checksum need not be looked at.</param>
    /// <returns>Its length; -1 for none.</returns>
    internal int Take(Span<byte> to, out long stamp, out bool isIntact)
    {
        stamp = 0;
        isIntact = false;
        byte* control = stackalloc byte[256];
        nint length;
        nuint told;
        fixed (byte* bytes = to)
        {
            LibcPackets.Piece piece = new() { Base = bytes, Length = (nuint)to.Length };
            LibcPackets.Message message = new() { Pieces = &piece, PieceCount = 1, Control = control, ControlLength = 256 };
            length = LibcPackets.recvmsg(_descriptor, &message, LibcPackets.MSG_DONTWAIT);
            told = message.ControlLength;
        }

        ReadOnlySpan<byte> rest = new(control, length < 0 ? 0 : (int)Math.Min(told, 256));
        while (rest.Length >= ControlHeader)
        {
            long size = MemoryMarshal.Read<long>(rest);
            int level = MemoryMarshal.Read<int>(rest[8..]);
            int type = MemoryMarshal.Read<int>(rest[12..]);
            if (size < ControlHeader || size > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> value = rest[ControlHeader..(int)size];
            if (level == LibcSockets.SOL_SOCKET && type == SO_TIMESTAMPNS && value.Length >= 16)
            {
                stamp = (MemoryMarshal.Read<long>(value) * 1_000_000_000) + MemoryMarshal.Read<long>(value[8..]);
            }
            else if (level == LibcPackets.SOL_PACKET && type == PACKET_AUXDATA && value.Length >= 4)
            {
                isIntact = (MemoryMarshal.Read<uint>(value) & (LibcPackets.TP_STATUS_CSUMNOTREADY | LibcPackets.TP_STATUS_CSUM_VALID)) != 0;
            }

            int step = ((int)size + Alignment - 1) & ~(Alignment - 1);
            rest = step < rest.Length ? rest[step..] : default;
        }

        return (int)length;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.close(_descriptor);
}
