using System;
using System.Runtime.InteropServices;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Packets that go out together, many with one call (sendmmsg(2)).</summary>
internal sealed unsafe class PacketBatch : Batch, IDisposable
{
    private const int LongestPacket = 1536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly int _descriptor;
    private readonly byte* _memory;
    private readonly LibcPackets.MultipleMessage* _messages;
    private readonly LibcPackets.Piece* _pieces;
    private readonly byte* _address;

    /// <summary>Makes one for packets to one address, by one socket.</summary>
    internal PacketBatch(int descriptor, ReadOnlySpan<byte> address)
    {
        _descriptor = descriptor;
        _memory = (byte*)NativeMemory.AllocZeroed(Most * LongestPacket);
        _messages = (LibcPackets.MultipleMessage*)NativeMemory.AllocZeroed((nuint)(Most * sizeof(LibcPackets.MultipleMessage)));
        _pieces = (LibcPackets.Piece*)NativeMemory.AllocZeroed((nuint)(Most * sizeof(LibcPackets.Piece)));
        _address = (byte*)NativeMemory.AllocZeroed(SocketAddress.Longest);
        address.CopyTo(new Span<byte>(_address, SocketAddress.Longest));
        for (int at = 0; at < Most; at++)
        {
            _pieces[at].Base = _memory + (at * LongestPacket);
            _messages[at].Header = new LibcPackets.Message { Name = _address, NameLength = (uint)address.Length, Pieces = _pieces + at, PieceCount = 1 };
        }
    }

    /// <summary>Room for the next packet; empty where there is none.</summary>
    internal Span<byte> Room => Count == Most ? default : new Span<byte>(_memory + (Count * LongestPacket), LongestPacket);

    /// <summary>Adds what was written to <see cref="Room"/>.</summary>
    internal void Add(int length) => _pieces[Count++].Length = (nuint)length;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_memory);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_pieces);
        NativeMemory.Free(_address);
    }

    /// <inheritdoc/>
    private protected override bool Send(int first, int count)
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
}
