using System;
using System.Buffers.Binary;
using System.Threading;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Connections that are begun together.</summary>
/// <param name="address">The target's address, as connect(2) takes it; its port does not matter.</param>
internal sealed unsafe class ConnectBatch(byte[] address) : IBatch
{
    /// <summary>How many connections it has room for.</summary>
    internal const int Most = 128;

    private readonly int[] _descriptors = new int[Most];
    private readonly ushort[] _ports = new ushort[Most];
    private readonly int[] _errors = new int[Most];
    private int _taken;

    /// <summary>How many connections are in it.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds one.</summary>
    internal void Add(int descriptor, ushort port)
    {
        _descriptors[Count] = descriptor;
        _ports[Count++] = port;
    }

    /// <summary>What became of one: the error by its number, 0 where it was made at once.</summary>
    internal int Error(int at) => _errors[at];

    /// <summary>Empties it; nobody may be sending it.</summary>
    internal void Clear()
    {
        Count = 0;
        _taken = 0;
    }

    /// <inheritdoc/>
    public bool SendRest()
    {
        byte* name = stackalloc byte[SocketAddress.Longest];
        address.CopyTo(new Span<byte>(name, SocketAddress.Longest));
        int first;
        while ((first = Interlocked.Add(ref _taken, IBatch.AtOnce) - IBatch.AtOnce) < Count)
        {
            for (int at = first; at < Math.Min(first + IBatch.AtOnce, Count); at++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(name + 2, 2), _ports[at]);
                _errors[at] = LibcPackets.connect(_descriptors[at], name, (uint)address.Length) == 0 ? 0 : Errno.Last;
            }
        }

        return false;
    }
}
