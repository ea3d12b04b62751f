using System;
using System.Runtime.InteropServices;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Sends IP packets as they are, many with one call (sendmmsg(2)). To other hosts by a packet socket, which goes around this machine's
/// own firewall and leaves nothing in its table of connections; to this machine itself by a raw socket, since the kernel takes
/// packets from 127.0.0.0/8 for martians where they do not come out of its own stack.
/// </summary>
internal sealed unsafe class PacketSender : IDisposable
{
    /// <summary>How many packets go out with one call: more gain nothing.</summary>
    internal const int Batch = 128;

    private const int LongestPacket = 1536;
    private const int LeastForTwo = 32; // below, waking the other processor costs more than it saves
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly int _descriptor;
    private readonly byte* _memory;
    private readonly LibcPackets.MultipleMessage* _messages;
    private readonly LibcPackets.Piece* _pieces;
    private readonly byte* _address;
    private SendLane? _lane;
    private int _count;

    private PacketSender(int descriptor, ReadOnlySpan<byte> address)
    {
        _descriptor = descriptor;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(Batch * LongestPacket));
        _messages = (LibcPackets.MultipleMessage*)NativeMemory.AllocZeroed((nuint)(Batch * sizeof(LibcPackets.MultipleMessage)));
        _pieces = (LibcPackets.Piece*)NativeMemory.AllocZeroed((nuint)(Batch * sizeof(LibcPackets.Piece)));
        _address = (byte*)NativeMemory.AllocZeroed(SocketAddress.Longest);
        address.CopyTo(new Span<byte>(_address, SocketAddress.Longest));
        for (int at = 0; at < Batch; at++)
        {
            _pieces[at].Base = _memory + (at * LongestPacket);
            _messages[at].Header = new LibcPackets.Message { Name = _address, NameLength = (uint)address.Length, Pieces = _pieces + at, PieceCount = 1 };
        }
    }

    /// <summary>Opens one for packets to a target.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static PacketSender Open(Route route, IpAddress target)
    {
        Span<byte> address = stackalloc byte[SocketAddress.Longest];
        bool isV4 = target.Version == IpVersion.V4;
        int descriptor;
        int length;
        if (route.IsLocal)
        {
            descriptor = LibcSockets.socket(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcSockets.SOCK_RAW | LibcSockets.SOCK_CLOEXEC, LibcSockets.IPPROTO_RAW);
            length = SocketAddress.Write(address, target, 0, route.Interface);
        }
        else
        {
            byte[] card = route.Neighbour(target);
            descriptor = LibcSockets.socket(LibcPackets.AF_PACKET, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC, 0);
            length = SocketAddress.WriteLink(address, isV4 ? LibcPackets.ETH_P_IP : LibcPackets.ETH_P_IPV6, route.Interface, card);
        }

        return descriptor >= 0 ? new PacketSender(descriptor, address[..length]) : throw new ProbeException($"a socket for whole packets is refused: {Errno.Text(Errno.Last)}");
    }

    /// <summary>Room for the next packet of the batch; null where the batch is full.</summary>
    internal Span<byte> Room => _count == Batch ? default : new Span<byte>(_memory + (_count * LongestPacket), LongestPacket);

    /// <summary>Adds what was written to <see cref="Room"/>.</summary>
    internal void Add(int length) => _pieces[_count++].Length = (nuint)length;

    /// <summary>Sends the batch; tells whether it had to wait because the machine's queues were full.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal bool Flush()
    {
        int count = _count;
        _count = 0;
        if (count < LeastForTwo || Environment.ProcessorCount == 1)
        {
            return Send(0, count);
        }

        // What a packet costs is the kernel's way with it, up to its arrival where the other end is on this machine: two processors do twice as many.
        _lane ??= new SendLane(this);
        _lane.Begin(count / 2, count - (count / 2));
        bool hasWaited;
        try
        {
            hasWaited = Send(0, count / 2);
        }
        finally
        {
            _lane.Join();
        }

        return _lane.Result() | hasWaited;
    }

    /// <summary>Sends some packets of the batch.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal bool Send(int first, int count)
    {
        bool hasWaited = false;
        long start = Clock.Now;
        for (int sent = 0; sent < count;)
        {
            int more = LibcPackets.sendmmsg(_descriptor, _messages + first + sent, (uint)(count - sent), 0);
            if (more > 0)
            {
                sent += more;
                continue;
            }

            int error = Errno.Last;
            bool isFull = error is Errno.ENOBUFS or Errno.EAGAIN or Errno.EINTR;
            if (!isFull || Clock.Now - start > Patience.TotalMicroseconds)
            {
                throw new ProbeException(error == Errno.EPERM ? "this machine's own firewall does not let the packets out" : $"sending fails: {Errno.Text(error)}");
            }

            hasWaited = true;
            Thread.Sleep(1);
        }

        return hasWaited;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lane?.Dispose();
        _ = Libc.close(_descriptor);
        NativeMemory.Free(_memory);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_pieces);
        NativeMemory.Free(_address);
    }
}
