using System;
using System.Buffers;
using System.Diagnostics;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>One netlink(7) socket; it stays in the network namespace in which it was made.</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    // The kernel fills one datagram at a time, at most 32 KiB unless a longer one was received before (netlink_dump).
    private const int DatagramLength = 1 << 16;
    private const int LongestAnswer = 1 << 28;

    // The elements of an nf_tables set are walked from the first for every datagram, so that a million of them take minutes.
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(15);

    private readonly int _descriptor;

    // Most answers are short, and there are hundreds: received here, and kept in as many bytes as they have.
    private readonly byte[] _datagram = GC.AllocateUninitializedArray<byte>(DatagramLength);

    private NetlinkSocket(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens one; null with the errno where the kernel refuses.</summary>
    internal static NetlinkSocket? Open(int protocol, out int error)
    {
        int descriptor = LibcSockets.socket(LibcSockets.AF_NETLINK, LibcSockets.SOCK_RAW | LibcSockets.SOCK_CLOEXEC, protocol);
        error = descriptor < 0 ? Errno.Last : 0;
        if (descriptor < 0)
        {
            return null;
        }

        // struct timeval: the kernel answers at once or never; five seconds bound the worst.
        long* limit = stackalloc long[] { 5, 0 };
        _ = LibcSockets.setsockopt(descriptor, LibcSockets.SOL_SOCKET, LibcSockets.SO_RCVTIMEO, limit, 2 * sizeof(long));
        return new NetlinkSocket(descriptor);
    }

    /// <summary>Sends a dump request and gathers the answer up to the message that ends it.</summary>
    internal Answer Dump(byte[] request)
    {
        fixed (byte* bytes = request)
        {
            if (LibcSockets.send(_descriptor, bytes, (nuint)request.Length, 0) < 0)
            {
                return Answer.Refused(Errno.Last);
            }
        }

        long start = Stopwatch.GetTimestamp();
        ArrayBufferWriter<byte> answer = new();
        while (true)
        {
            nint count;
            fixed (byte* buffer = _datagram)
            {
                count = LibcSockets.recv(_descriptor, buffer, DatagramLength, LibcSockets.MSG_TRUNC);
            }

            if (count < 0 && Errno.Last == Errno.EINTR)
            {
                continue;
            }

            if (Stopwatch.GetElapsedTime(start) > LongestTime)
            {
                return Answer.Refused(Errno.ETIMEDOUT);
            }

            if (count <= 0 || count > DatagramLength || answer.WrittenCount + count > LongestAnswer)
            {
                return Answer.Refused(count < 0 ? Errno.Last : Errno.EMSGSIZE);
            }

            ReadOnlySpan<byte> datagram = _datagram.AsSpan(0, (int)count);
            if (EndsIn(datagram, out int rows, out int error))
            {
                answer.Write(datagram[..rows]);
                return error != 0 ? Answer.Refused(error) : Answer.Of(answer.WrittenMemory);
            }

            // Every datagram's rows are padded to four bytes, so they can stand behind each other.
            Debug.Assert(count == Netlink.Align((int)count), "netlink pads its datagrams");
            answer.Write(datagram);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.close(_descriptor);

    /// <summary>Whether the dump ends in this datagram, after how many bytes of rows, and with which errno.</summary>
    private static bool EndsIn(ReadOnlySpan<byte> datagram, out int rows, out int error)
    {
        rows = 0;
        error = 0;
        NetlinkMessages messages = new(datagram);
        while (messages.Next())
        {
            if (messages.Type is Netlink.NLMSG_DONE or Netlink.NLMSG_ERROR)
            {
                error = Netlink.ErrorIn(messages.Payload);
                return true;
            }

            rows += Netlink.Align(Netlink.HeaderLength + messages.Payload.Length);
        }

        return false;
    }
}
