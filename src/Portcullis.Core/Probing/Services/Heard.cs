using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>What one connection has said since the last question.</summary>
/// <param name="bytes">The bytes, from the first; bounded by the dialogue's limits.</param>
/// <param name="turn">0 for the greeting or the answer to the protocol's first question; one more for every further question.</param>
/// <param name="isAsked">Whether this protocol asked; else the bytes are a greeting, or an answer to another protocol's question.</param>
/// <param name="isEnded">Whether nothing more will come.</param>
/// <param name="soFar">What the protocol said of the service when it asked its last question; null for nothing.</param>
public readonly ref struct Heard(ReadOnlySpan<byte> bytes, int turn, bool isAsked, bool isEnded, IdentifiedService? soFar = null)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Which answer they are.</summary>
    public int Turn { get; } = turn;

    /// <summary>Whether this protocol asked for them.</summary>
    public bool IsAsked { get; } = isAsked;

    /// <summary>Whether nothing more will come.</summary>
    public bool IsEnded { get; } = isEnded;

    /// <summary>What was known when the last question was asked.</summary>
    public IdentifiedService? SoFar { get; } = soFar;

    /// <summary>What to say where the bytes are too few to decide: wait, or give up where nothing more comes.</summary>
    public Reading TooFew => IsEnded ? Reading.NotThis : Reading.NeedMore;

    /// <summary>Whether the bytes begin as <paramref name="start"/> does, as far as both go.</summary>
    public bool MayBegin(ReadOnlySpan<byte> start) => Bytes[..Math.Min(Bytes.Length, start.Length)].SequenceEqual(start[..Math.Min(Bytes.Length, start.Length)]);

    /// <summary>The first line without its end; false where it is not whole yet (a last line without an end is whole when nothing more comes).</summary>
    public bool TryFirstLine(out ReadOnlySpan<byte> line)
    {
        int end = Bytes.IndexOf((byte)'\n');
        line = (end < 0 ? Bytes : Bytes[..end]).TrimEnd((byte)'\r');
        return end >= 0 || (IsEnded && !Bytes.IsEmpty);
    }
}
