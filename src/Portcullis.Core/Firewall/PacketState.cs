using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model.Rules;

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

    /// <summary>Whether its destination was translated, perhaps to what it was before (IPS_DST_NAT_DONE).</summary>
    public bool IsTranslated { get; init; }

    /// <summary>Whether its destination became another by that (IPS_DST_NAT); null where that cannot be foreseen.</summary>
    public bool? IsMoved { get; init; } = false;

    /// <summary>Tells one mark that cannot be foreseen from the next; else 0.</summary>
    public int MarkStamp { get; init; }

    /// <summary>The same of the connection's mark.</summary>
    public int ConnectionMarkStamp { get; init; }

    /// <summary>Whether its source was translated (IPS_SRC_NAT).</summary>
    public bool IsSourceTranslated { get; init; }

    /// <summary>Whether its destination or another field was not as it was sent when its connection began to be tracked.</summary>
    public bool IsOriginalChanged { get; init; }

    /// <summary>Which of the packet's other fields rules have changed, each once.</summary>
    public ImmutableArray<FieldChange> Changed { get; init; } = [];

    /// <summary>The state once a rule has written a field of which the value is not kept.</summary>
    internal PacketState With(FieldChange change) => this with { Changed = [.. Changed.Where(one => one.Field != change.Field), change] };

    /// <summary>The last change of a field; null where it is as it was sent.</summary>
    internal FieldChange? ChangeOf(PacketField field) => Changed.IsEmpty ? null : Changed.LastOrDefault(one => one.Touches(field));

    /// <inheritdoc/>
    public bool Equals(PacketState? other) =>
        other is not null && Mark == other.Mark && ConnectionMark == other.ConnectionMark && Tracking == other.Tracking && Address == other.Address
        && Port == other.Port && IsTranslated == other.IsTranslated && IsMoved == other.IsMoved
        && MarkStamp == other.MarkStamp && ConnectionMarkStamp == other.ConnectionMarkStamp && IsSourceTranslated == other.IsSourceTranslated
        && IsOriginalChanged == other.IsOriginalChanged && Changed.AsSpan().SequenceEqual(other.Changed.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mark, ConnectionMark, Tracking, Address, Port, IsTranslated, Changed.Length);
}
