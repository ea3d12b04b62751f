using System;
using System.Collections.Generic;

namespace Portcullis.Core.Probing.Services;

/// <summary>Puts questions of binary protocols together, as most of them write numbers: the highest byte first.</summary>
internal sealed class BigEndian
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was put together.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>Adds bytes.</summary>
    public BigEndian Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds numbers of four bytes.</summary>
    public BigEndian Words(params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            _bytes.AddRange([(byte)(word >> 24), (byte)(word >> 16), (byte)(word >> 8), (byte)word]);
        }

        return this;
    }

    /// <summary>Adds bytes with their count in four bytes before them, the count's own bytes included or not.</summary>
    public BigEndian Counted(ReadOnlySpan<byte> bytes, int more = 0) => Words((uint)(bytes.Length + more)).Add(bytes);
}
