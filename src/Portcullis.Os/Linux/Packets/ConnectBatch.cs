using System;
using System.Buffers.Binary;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Connections that are begun together.</summary>
/// <param name="address">The target's address, as connect(2) takes it; its port does not matter.</param>
internal sealed unsafe class ConnectBatch(byte[] address) : Batch
{
    private readonly int[] _descriptors = new int[Most];
    private readonly ushort[] _ports = new ushort[Most];
    private readonly int[] _errors = new int[Most];

    /// <summary>Adds one.</summary>
    internal void Add(int descriptor, ushort port)
    {
        _descriptors[Count] = descriptor;
        _ports[Count++] = port;
    }

    /// <summary>What became of one: the error by its number, 0 where it was made at once.</summary>
    internal int Error(int at) => _errors[at];

    /// <inheritdoc/>
    private protected override bool Send(int first, int count)
    {
        byte* name = stackalloc byte[SocketAddress.Longest];
        address.CopyTo(new Span<byte>(name, SocketAddress.Longest));
        for (int at = first; at < first + count; at++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(name + 2, 2), _ports[at]);
            _errors[at] = LibcPackets.connect(_descriptors[at], name, (uint)address.Length) == 0 ? 0 : Errno.Last;
        }

        return false;
    }
}
