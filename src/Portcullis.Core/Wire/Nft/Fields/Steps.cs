using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft.Fields;

/// <summary>Makes fields, operands and steps in few words.</summary>
internal static class Steps
{
    internal static PacketField Transport(int offset, int length) => new(FieldSource.TransportHeader, "", offset, length);

    internal static PacketField Network(int offset, int length) => new(FieldSource.NetworkHeader, "", offset, length);

    internal static PacketField Link(int offset, int length) => new(FieldSource.LinkHeader, "", offset, length);

    internal static PacketField Meta(string name, int length) => new(FieldSource.Meta, name, 0, length);

    internal static PacketField Connection(string name, int length) => new(FieldSource.Connection, name, 0, length);

    internal static PacketField Route(string name, int length) => new(FieldSource.Route, name, 0, length);

    internal static PacketField Other(string name, int length) => new(FieldSource.Other, name, 0, length);

    internal static ImmutableArray<byte> U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return ImmutableCollectionsMarshal.AsImmutableArray(bytes);
    }

    internal static ImmutableArray<byte> U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return ImmutableCollectionsMarshal.AsImmutableArray(bytes);
    }

    /// <summary>Equal to one value.</summary>
    internal static MatchStep Match(PacketField field, ImmutableArray<byte> value, bool negated = false) =>
        Match(field, value, value, negated);

    /// <summary>Inside of one range.</summary>
    internal static MatchStep Match(PacketField field, ImmutableArray<byte> first, ImmutableArray<byte> last, bool negated = false) =>
        new(new Operand(field), [new ByteRange(first, last)], negated);

    /// <summary>With only the bits of a mask equal to a value.</summary>
    internal static MatchStep Masked(PacketField field, ImmutableArray<byte> mask, ImmutableArray<byte> value, bool negated = false) =>
        new(new Operand(field, Mask(mask), []), [new ByteRange(value, value)], negated);

    /// <summary>A mask that keeps all bits is none.</summary>
    internal static ImmutableArray<byte> Mask(ImmutableArray<byte> mask) => mask.AsSpan().ContainsAnyExcept((byte)0xff) ? mask : [];

    /// <summary>Any of the bits is set, or where negated, none.</summary>
    internal static MatchStep AnyBit(PacketField field, uint bits, bool negated = false) => Masked(field, U32(bits), U32(0), !negated);

    internal static ConstantValue Constant(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last) => new([.. first], [.. last]);
}
