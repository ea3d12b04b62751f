using System.Buffers.Binary;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>What a packet looks like once a rule has written a field.</summary>
internal static class Assignment
{
    /// <summary>The state afterwards.</summary>
    /// <param name="step">What is written.</param>
    /// <param name="value">The value where it stands in the rule or its map; null where it is computed or not known.</param>
    /// <param name="state">The state before.</param>
    /// <param name="arrival">How the packet came.</param>
    /// <param name="stamp">Tells this assignment from every other.</param>
    internal static PacketState Of(AssignStep step, ImmutableArray<byte>? value, PacketState state, Arrival arrival, int stamp)
    {
        PacketField field = step.Field;
        switch (field)
        {
            case { Source: FieldSource.Meta, Name: "mark" }:
                uint? mark = Number(step.Value, value, state);
                return state with { Mark = mark, MarkStamp = mark is null ? stamp : 0 };
            case { Source: FieldSource.Connection, Name: "mark" }:
                uint? other = Number(step.Value, value, state);
                return state.Tracking != Tracking.New ? state // nft_ct_set_eval: without a connection nothing is set
                    : state with { ConnectionMark = other, ConnectionMarkStamp = other is null ? stamp : 0 };
        }

        PacketField destination = DestinationOf(arrival);
        if (field == destination)
        {
            return state with { Address = Written(step.Value, value, stamp) };
        }

        if (field is { Source: FieldSource.TransportHeader, Offset: 2, Length: 2 } && arrival.HasPorts)
        {
            return state with { Port = Written(step.Value, value, stamp) };
        }

        FieldChange change = new(field, stamp);
        PacketState after = state.With(change);
        after = change.Touches(destination) ? after with { Address = new DestinationValue([], RuleText.Value(step.Value), stamp) } : after;
        return change.Touches(Port) && arrival.HasPorts ? after with { Port = new DestinationValue([], RuleText.Value(step.Value), stamp) } : after;
    }

    private static PacketField Port { get; } = new(FieldSource.TransportHeader, "", 2, 2);

    /// <summary>Where the destination address stands.</summary>
    internal static PacketField DestinationOf(Arrival arrival) =>
        arrival.Version == IpVersion.V4 ? new PacketField(FieldSource.NetworkHeader, "", 16, 4) : new PacketField(FieldSource.NetworkHeader, "", 24, 16);

    /// <summary>Where the source address stands.</summary>
    internal static PacketField SourceOf(Arrival arrival) =>
        arrival.Version == IpVersion.V4 ? new PacketField(FieldSource.NetworkHeader, "", 12, 4) : new PacketField(FieldSource.NetworkHeader, "", 8, 16);

    private static DestinationValue Written(ValueSource source, ImmutableArray<byte>? value, int stamp) =>
        value is { } bytes ? new DestinationValue(bytes, RuleText.Value(new ConstantValue(bytes, bytes))) : new DestinationValue([], RuleText.Value(source), stamp);

    private static uint? Number(ValueSource source, ImmutableArray<byte>? value, PacketState state)
    {
        if (value is { Length: 4 } bytes)
        {
            return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan());
        }

        if (source is not ComputedValue { Operand: { } operand })
        {
            return null;
        }

        uint? from = operand.Field switch
        {
            { Source: FieldSource.Meta, Name: "mark" } => state.Mark,
            { Source: FieldSource.Connection, Name: "mark" } => state.ConnectionMark,
            _ => null,
        };
        return (from & Bits(operand.Mask, uint.MaxValue)) ^ Bits(operand.Xor, 0);
    }

    private static uint Bits(ImmutableArray<byte> bytes, uint none) => bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan()) : none;
}
