using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>What was given to send and is not acknowledged yet: a ring of bytes.</summary>
/// <param name="room">How many bytes it holds.</param>
internal sealed class SendBuffer(int room)
{
    private readonly byte[] _ring = new byte[room];
    private int _first;

    /// <summary>How many bytes it holds.</summary>
    internal int Count { get; private set; }

    /// <summary>Puts bytes behind the others; gives how many there was room for.</summary>
    internal int Write(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, _ring.Length - Count);
        int at = (_first + Count) % _ring.Length;
        int before = Math.Min(length, _ring.Length - at);
        bytes[..before].CopyTo(_ring.AsSpan(at));
        bytes[before..length].CopyTo(_ring);
        Count += length;
        return length;
    }

    /// <summary>Copies bytes that it holds.</summary>
    /// <param name="offset">How many bytes behind the first; with the length of the copy within <see cref="Count"/>.</param>
    /// <param name="to">Where they go.</param>
    internal void Copy(int offset, Span<byte> to)
    {
        int at = (_first + offset) % _ring.Length;
        int before = Math.Min(to.Length, _ring.Length - at);
        _ring.AsSpan(at, before).CopyTo(to);
        _ring.AsSpan(0, to.Length - before).CopyTo(to[before..]);
    }

    /// <summary>Lets the first bytes go.</summary>
    internal void Discard(int length)
    {
        _first = (_first + length) % _ring.Length;
        Count -= length;
    }
}
