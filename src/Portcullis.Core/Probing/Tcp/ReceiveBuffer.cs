using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>
/// What came and is not read yet: a ring of bytes in which segments that came too early already lie at their place, with a short
/// list of where. The list is bounded; a segment that would make it too long is not kept, and comes again.
/// </summary>
/// <param name="room">How many bytes it holds.</param>
internal sealed class ReceiveBuffer(int room)
{
    private const int MostIslands = 32;

    private readonly byte[] _ring = new byte[room];

    // Offsets from the next expected byte, ascending, apart from each other.
    private readonly (int Start, int End)[] _islands = new (int Start, int End)[MostIslands];
    private int _islandCount;
    private int _first;

    /// <summary>How many bytes are there to read, in order.</summary>
    internal int Count { get; private set; }

    /// <summary>How many bytes may come: the window.</summary>
    internal int Window => _ring.Length - Count;

    /// <summary>Takes bytes.</summary>
    /// <param name="offset">How far behind the next expected byte they begin, 0 or more; what lies beyond the window is left.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>By how many bytes what is there in order has grown.</returns>
    internal int Insert(int offset, ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, Window - offset);
        if (length <= 0 || !Join(offset, offset + length))
        {
            return 0;
        }

        int at = (int)(((long)_first + Count + offset) % _ring.Length);
        int before = Math.Min(length, _ring.Length - at);
        bytes[..before].CopyTo(_ring.AsSpan(at));
        bytes[before..length].CopyTo(_ring);
        return Advance();
    }

    /// <summary>Hands out bytes in order; gives how many.</summary>
    internal int Read(Span<byte> to)
    {
        int length = Math.Min(to.Length, Count);
        int before = Math.Min(length, _ring.Length - _first);
        _ring.AsSpan(_first, before).CopyTo(to);
        _ring.AsSpan(0, length - before).CopyTo(to[before..]);
        _first = (_first + length) % _ring.Length;
        Count -= length;
        return length;
    }

    /// <summary>Puts an interval into the list, joined with those that it touches; false where there is no room for it.</summary>
    private bool Join(int start, int end)
    {
        int from = 0;
        while (from < _islandCount && _islands[from].End < start)
        {
            from++;
        }

        int to = from;
        while (to < _islandCount && _islands[to].Start <= end)
        {
            start = Math.Min(start, _islands[to].Start);
            end = Math.Max(end, _islands[to].End);
            to++;
        }

        if (from == to && _islandCount == MostIslands)
        {
            if (from == _islandCount)
            {
                return false;
            }

            _islandCount--; // the last gives way, so that what comes next in order always finds a place
        }

        Array.Copy(_islands, to, _islands, from + 1, _islandCount - to);
        _islands[from] = (start, end);
        _islandCount += 1 - (to - from);
        return true;
    }

    /// <summary>Makes the first piece part of what is in order, where it touches that.</summary>
    private int Advance()
    {
        if (_islandCount == 0 || _islands[0].Start != 0)
        {
            return 0;
        }

        int length = _islands[0].End;
        Count += length;
        _islandCount--;
        for (int at = 0; at < _islandCount; at++)
        {
            _islands[at] = (_islands[at + 1].Start - length, _islands[at + 1].End - length);
        }

        return length;
    }
}
