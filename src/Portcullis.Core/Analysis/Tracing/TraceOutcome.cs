using System;
using Portcullis.Core.Probing.Tcp;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>What became of a connection of ours, as our TCP has it: only what it took counts, not whatever somebody sent.</summary>
public sealed record TraceOutcome
{
    /// <summary>Whether both sides agreed on it.</summary>
    public bool HasStood { get; init; }

    /// <summary>How it ended; none where the trace ended before it.</summary>
    public TcpEnding Ending { get; init; }

    /// <summary>Whether the peer reset it, or had no more to say, while we still waited for it.</summary>
    public bool IsEndedByPeer { get; init; }

    /// <summary>How many bytes of data came, in order.</summary>
    public int Received { get; init; }

    /// <summary>When the trace ended.</summary>
    public TimeSpan EndedAt { get; init; }
}
