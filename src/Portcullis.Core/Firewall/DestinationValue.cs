using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Firewall;

/// <summary>A destination that a rule wrote: one value, or one that cannot be foreseen.</summary>
/// <param name="Bytes">The value in network order; empty where it cannot be foreseen.</param>
/// <param name="Text">How it is told: "172.17.0.2", or "one of 10.0.0.1-10.0.0.9".</param>
/// <param name="Stamp">Tells one that cannot be foreseen from the next.</param>
public sealed record DestinationValue(ImmutableArray<byte> Bytes, string Text, int Stamp = 0)
{
    /// <summary>Whether it is this host, by whatever address.</summary>
    public bool IsOwn { get; init; }

    /// <inheritdoc/>
    public bool Equals(DestinationValue? other) => other is not null && Text == other.Text && Stamp == other.Stamp && IsOwn == other.IsOwn && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
