using System;
using System.Text;

namespace Portcullis.Os.Linux.Source;

/// <summary>What the machine answered to one question: bytes, or the errno of the refusal.</summary>
internal readonly struct Answer
{
    private Answer(int error, ReadOnlyMemory<byte> bytes)
    {
        Error = error;
        Bytes = bytes;
    }

    /// <summary>The errno of a refused question; 0 for an answer.</summary>
    internal int Error { get; }

    /// <summary>The answer; empty for a refusal.</summary>
    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether there is an answer.</summary>
    internal bool Ok => Error == 0;

    /// <summary>The answer's bytes.</summary>
    internal ReadOnlySpan<byte> Span => Bytes.Span;

    /// <summary>The answer as UTF-8 text, every broken sequence replaced by U+FFFD; null for a refusal.</summary>
    internal string? Text => Ok ? Encoding.UTF8.GetString(Bytes.Span) : null;

    internal static Answer Of(ReadOnlyMemory<byte> bytes) => new(0, bytes);

    internal static Answer Refused(int error) => new(error, default);
}
