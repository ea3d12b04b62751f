using System.Collections.Immutable;

namespace Portcullis.Core.Firewall;

/// <summary>What rules have changed of a packet so far. All else of it is as it was sent.</summary>
public sealed record PacketState
{
    /// <summary>The packet's mark; null where it cannot be foreseen.</summary>
    public uint? Mark { get; init; } = 0;

    /// <summary>The connection's mark; null where it cannot be foreseen.</summary>
    public uint? ConnectionMark { get; init; } = 0;

    /// <summary>What connection tracking says of it.</summary>
    public Tracking Tracking { get; init; }

    /// <summary>The new destination address, in network order; empty where it is the one it was sent to.</summary>
    public DestinationValue? Address { get; init; }

    /// <summary>The new destination port; null where it is the one it was sent to.</summary>
    public DestinationValue? Port { get; init; }

    /// <summary>Whether its destination was translated (IPS_DST_NAT).</summary>
    public bool IsTranslated { get; init; }

    /// <summary>Which of the packet's other fields rules have changed: what stands in them now is not known. Sorted.</summary>
    public ImmutableArray<string> Changed { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(PacketState? other) =>
        other is not null && Mark == other.Mark && ConnectionMark == other.ConnectionMark && Tracking == other.Tracking && Address == other.Address
        && Port == other.Port && IsTranslated == other.IsTranslated && string.Join(' ', Changed) == string.Join(' ', other.Changed);

    /// <inheritdoc/>
    public override int GetHashCode() => System.HashCode.Combine(Mark, ConnectionMark, Tracking, Address, Port, IsTranslated, Changed.Length);
}
