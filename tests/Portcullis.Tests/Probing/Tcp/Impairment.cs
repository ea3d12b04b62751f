using System;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>What a simulated way does with packets; shares are of 1.</summary>
internal sealed record Impairment
{
    internal double Loss { get; init; }

    internal double Duplication { get; init; }

    internal double Corruption { get; init; }

    internal TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Added by chance to each packet, so that they overtake each other.</summary>
    internal TimeSpan Jitter { get; init; }

    public override string ToString() => FormattableString.Invariant(
        $"loss {Loss:P0}, duplication {Duplication:P0}, corruption {Corruption:P0}, delay {Delay.TotalMilliseconds} ms, jitter {Jitter.TotalMilliseconds} ms");
}
