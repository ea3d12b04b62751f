using System;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Reads what ICMP messages a socket was told of (MSG_ERRQUEUE, recvmsg(2); IP_RECVERR, ip(7)).</summary>
internal static unsafe class ErrorQueue
{
    private const int ControlLength = 256;
    private const int HeaderLength = 16; // struct cmsghdr: u64 length, s32 level, s32 type
    private const int ErrorLength = 16; // struct sock_extended_err: u32 errno, u8 origin, type, code, padding, u32 info, u32 data; then the offender
    private const byte SO_EE_ORIGIN_ICMP = 2;
    private const byte SO_EE_ORIGIN_ICMP6 = 3;

    /// <summary>Takes the next; false where there is none of ICMP.</summary>
    internal static bool Take(int descriptor, out SocketError error)
    {
        error = default;
        byte* control = stackalloc byte[ControlLength];
        byte* data = stackalloc byte[64];
        byte* name = stackalloc byte[SocketAddress.Longest];
        while (true)
        {
            LibcPackets.Piece piece = new() { Base = data, Length = 64 };
            LibcPackets.Message message = new()
            {
                Name = name,
                NameLength = SocketAddress.Longest,
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlLength = ControlLength,
            };
            if (LibcPackets.recvmsg(descriptor, &message, LibcPackets.MSG_ERRQUEUE | LibcPackets.MSG_DONTWAIT) < 0)
            {
                return false;
            }

            ReadOnlySpan<byte> sentTo = new(name, (int)Math.Min(message.NameLength, SocketAddress.Longest));
            if (TryRead(new ReadOnlySpan<byte>(control, (int)Math.Min(message.ControlLength, ControlLength)), sentTo, out error))
            {
                return true;
            }
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> control, ReadOnlySpan<byte> sentTo, out SocketError error)
    {
        error = default;
        while (control.Length >= HeaderLength)
        {
            long length = BitConverter.ToInt64(control);
            (int level, int type) = (BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..]));
            if (length < HeaderLength || length > control.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> value = control[HeaderLength..(int)length];
            bool isError = (level, type) is (LibcSockets.IPPROTO_IP, LibcPackets.IP_RECVERR) or (LibcSockets.IPPROTO_IPV6, LibcPackets.IPV6_RECVERR);
            if (isError && value.Length > ErrorLength && value[4] is SO_EE_ORIGIN_ICMP or SO_EE_ORIGIN_ICMP6 && SocketAddress.Read(value[ErrorLength..]) is IpAddress by)
            {
                error = new SocketError(by, value[5], value[6], SocketAddress.Read(sentTo), sentTo.Length >= 4 ? SocketAddress.ReadPort(sentTo) : (ushort)0);
                return true;
            }

            control = control[(int)Math.Min((length + 7) & ~7, control.Length)..];
        }

        return false;
    }
}
