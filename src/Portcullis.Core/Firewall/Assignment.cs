using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>What a packet looks like once a rule has written a field.</summary>
internal static class Assignment
{
    /// <summary>The state afterwards.</summary>
    internal static PacketState Of(AssignStep step, PacketState state) => step.Field switch
    {
        { Source: FieldSource.Meta, Name: "mark" } => state with { Mark = Number(step.Value, state) },
        { Source: FieldSource.Connection, Name: "mark" } => state with { ConnectionMark = Number(step.Value, state) },
        { Source: FieldSource.NetworkHeader, Offset: 16, Length: 4 } or { Source: FieldSource.NetworkHeader, Offset: 24, Length: 16 } => state with { Address = Destination(step.Value) },
        { Source: FieldSource.TransportHeader, Offset: 2, Length: 2 } => state with { Port = Destination(step.Value) },
        { Source: FieldSource.NetworkHeader } => Overwritten(step.Field, state, state.Address),
        { Source: FieldSource.TransportHeader } => Overwritten(step.Field, state, null),
        _ => state, // what no rule can ask for: priorities, classes, helpers, log levels
    };

    /// <summary>Of other fields it is kept that they are no longer as they were sent.</summary>
    private static PacketState Overwritten(PacketField field, PacketState state, DestinationValue? address)
    {
        string[] names = field.Source == FieldSource.TransportHeader
            ? field.Offset < 2 ? [nameof(PacketDimension.SourcePort)] : field.Offset < 4 ? [nameof(PacketDimension.DestinationPort)] : []
            : field.Offset + field.Length <= 8 ? [] : [nameof(PacketDimension.SourceHigh), nameof(PacketDimension.SourceLow)];
        return state with { Address = address, Changed = [.. state.Changed.Concat(names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
    }

    private static DestinationValue Destination(ValueSource value) =>
        value is ConstantValue one && one.First.AsSpan().SequenceEqual(one.Last.AsSpan())
            ? new DestinationValue(one.First, RuleText.Value(one))
            : new DestinationValue([], RuleText.Value(value));

    private static uint? Number(ValueSource value, PacketState state)
    {
        if (value is ConstantValue { First.Length: 4 } one && one.First.AsSpan().SequenceEqual(one.Last.AsSpan()))
        {
            return BinaryPrimitives.ReadUInt32BigEndian(one.First.AsSpan());
        }

        if (value is not ComputedValue { Operand: { } operand })
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
