using System;
using System.Collections.Generic;

namespace Portcullis.Core.Probing.Services;

/// <summary>What one connection says after one question: bounded, and read again only when there is enough new in it.</summary>
internal sealed class DialogueEar(int mostBytes)
{
    // A server that sends single bytes must not make every one of them cost a reading of all before it.
    private const int EagerReadings = 48;

    private readonly List<byte> _bytes = [];
    private int _pieces;
    private int _nextReading;

    /// <summary>What was heard.</summary>
    public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);

    /// <summary>Whether nothing was heard.</summary>
    public bool IsEmpty => _bytes.Count == 0;

    /// <summary>Whether no more is kept.</summary>
    public bool IsFull => _bytes.Count >= mostBytes;

    /// <summary>Forgets all: a new question was asked.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _pieces = 0;
        _nextReading = 0;
    }

    /// <summary>Takes bytes in.</summary>
    /// <returns>Whether it is time to read what was heard.</returns>
    public bool Hear(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes[..Math.Min(bytes.Length, mostBytes - _bytes.Count)]);
        if (++_pieces > EagerReadings && _bytes.Count < _nextReading && !IsFull)
        {
            return false;
        }

        _nextReading = _bytes.Count + (_bytes.Count / 4);
        return true;
    }
}
