using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <content>From what stands in registers to operands and values.</content>
internal sealed partial class RuleDecoder
{
    /// <summary>Where loads of several fields at once are taken apart: they begin here, are so long, and are cut there.</summary>
    private static readonly (FieldSource Source, int Offset, int Length, int Cut)[] Pairs =
    [
        (FieldSource.NetworkHeader, 12, 8, 4), // IPv4's source and destination
        (FieldSource.NetworkHeader, 8, 32, 16), // IPv6's
        (FieldSource.TransportHeader, 0, 4, 2), // both ports
    ];

    private static MatchStep Within(Operand operand, ImmutableArray<byte> first, ImmutableArray<byte> last, bool negated) =>
        new(operand, [new ByteRange(first, last)], negated);

    /// <summary>Bytes as they are compared with a field: big-endian.</summary>
    private static ImmutableArray<byte> Order(FieldRegister field, ReadOnlySpan<byte> bytes) => Order(bytes, field.IsHostOrder);

    private static ImmutableArray<byte> Order(ReadOnlySpan<byte> bytes, bool isHostOrder)
    {
        byte[] copy = bytes.ToArray();
        if (isHostOrder && BitConverter.IsLittleEndian)
        {
            Array.Reverse(copy);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(copy);
    }

    /// <summary>The one field of which all or the leading bytes were read; null where it is something else.</summary>
    private static FieldRegister? One(List<RegisterPart> parts, int length) =>
        parts is [RegisterPart part] && part.Length == length ? Slice(part) : null;

    /// <summary>
    /// The field that a part of a register is: the whole one where its leading bytes are meant, which only a comparison may take for that;
    /// else the bytes of a header which they are.
    /// </summary>
    private static FieldRegister? Slice(RegisterPart part)
    {
        if (part.Value is not FieldRegister field)
        {
            return null;
        }

        PacketField all = field.Operand.Field;
        if (part.IsAll || (part.Offset == 0 && !field.IsHostOrder && all.Source is not (FieldSource.LinkHeader or FieldSource.NetworkHeader or FieldSource.TransportHeader)))
        {
            return field;
        }

        return field.IsHostOrder || all.Source is not (FieldSource.LinkHeader or FieldSource.NetworkHeader or FieldSource.TransportHeader)
            ? null
            : new FieldRegister(Cut(field.Operand, part.Offset, part.Length), false);
    }

    private static Operand Cut(Operand operand, int offset, int length) => new(
        operand.Field with { Offset = operand.Field.Offset + offset, Length = length },
        operand.Mask.IsEmpty ? [] : operand.Mask.Slice(offset, length),
        operand.Xor.IsEmpty ? [] : operand.Xor.Slice(offset, length));

    /// <summary>A load of two neighbouring fields as the two.</summary>
    private static IEnumerable<(Operand Operand, int At, int Length)> Natural(Operand operand, int length)
    {
        foreach ((FieldSource source, int offset, int whole, int cut) in Pairs)
        {
            PacketField field = operand.Field;
            if (field.Source == source && field.Offset == offset && field.Length == whole && length == whole)
            {
                return [(Cut(operand, 0, cut), 0, cut), (Cut(operand, cut, whole - cut), cut, whole - cut)];
            }
        }

        return [(operand, 0, length)];
    }

    /// <summary>
    /// A load of the leading bytes of an address (which is how nft asks for a prefix of whole bytes) as the address, once it is said which IP version the
    /// packet has: a comparison may have fewer bytes than its field.
    /// </summary>
    private FieldRegister Whole(FieldRegister field)
    {
        PacketField all = field.Operand.Field;
        if (all.Source != FieldSource.NetworkHeader || !field.Operand.Mask.IsEmpty || !field.Operand.Xor.IsEmpty)
        {
            return field;
        }

        int length = (Version(), all.Offset) switch { (4, 12 or 16) => 4, (6, 8 or 24) => 16, _ => 0 };
        return all.Length >= length ? field : new FieldRegister(new Operand(all with { Length = length }), false);
    }

    private int Version()
    {
        foreach (RuleStep step in _steps)
        {
            if (step is MatchStep { Negated: false, Operand: { Mask.IsEmpty: true, Field: { Source: FieldSource.Meta } field }, Ranges: [ByteRange range] }
                && range.First.AsSpan().SequenceEqual(range.Last.AsSpan()))
            {
                ReadOnlySpan<byte> value = range.First.AsSpan();
                switch (field.Name)
                {
                    case "nfproto" when value is [2]: return 4; // NFPROTO_IPV4
                    case "nfproto" when value is [10]: return 6;
                    case "protocol" when value is [0x08, 0x00]: return 4; // ETH_P_IP
                    case "protocol" when value is [0x86, 0xdd]: return 6;
                }
            }
        }

        return table.Family switch { TableFamily.Ip => 4, TableFamily.Ip6 => 6, _ => 0 };
    }

    /// <summary>Adds a range, or makes the last step's smaller where that has one of the same value ("at least" and "at most" are two expressions).</summary>
    private bool Narrow(MatchStep step)
    {
        if (_steps is [.., MatchStep { Negated: false, Ranges: [ByteRange old] } last] && step is { Negated: false, Ranges: [ByteRange made] }
            && last.Operand.Field == step.Operand.Field && old.First.Length == made.First.Length
            && last.Operand.Mask.AsSpan().SequenceEqual(step.Operand.Mask.AsSpan()) && last.Operand.Xor.AsSpan().SequenceEqual(step.Operand.Xor.AsSpan()))
        {
            ImmutableArray<byte> first = old.First.AsSpan().SequenceCompareTo(made.First.AsSpan()) >= 0 ? old.First : made.First;
            ImmutableArray<byte> end = old.Last.AsSpan().SequenceCompareTo(made.Last.AsSpan()) <= 0 ? old.Last : made.Last;
            if (first.AsSpan().SequenceCompareTo(end.AsSpan()) <= 0)
            {
                _steps[^1] = Within(step.Operand, first, end, false);
                return true;
            }
        }

        return Add(step);
    }

    /// <summary>What in a key can't be foreseen; null where all of it can.</summary>
    private static string? Unforeseen(List<RegisterPart> parts, NftSet map)
    {
        foreach (RegisterPart part in parts)
        {
            if (part.Value is UnknownRegister unknown)
            {
                return $"{unknown.Text} in map {map.Name}";
            }
        }

        return null;
    }

    /// <summary>Takes any value of a map, or none: of verdicts one by one, each by chance.</summary>
    private bool Choose(string text, NftSet map, uint? register)
    {
        const int MostChoices = 64;
        Chance(text, false);
        if (!map.HoldsVerdicts)
        {
            return _registers.Store(register, new UnknownRegister(text, false, map.DataLength));
        }

        RuleVerdict[] verdicts = [.. map.FinalVerdicts.AsSpan(0, Math.Min(MostChoices, map.FinalVerdicts.Length)).ToArray().Distinct()];
        if (register != RegisterFile.Verdict || map.FinalVerdicts.Length > MostChoices || map.IsIncomplete || verdicts.Length == 0 || _choices.Length > 0
            || (map.Flags & NftSet.Eval) != 0)
        {
            return false;
        }

        _choices = verdicts;
        return true;
    }

    /// <summary>The parts of a set's key; null where they can't be told, or not in the order of the set's elements.</summary>
    private static ImmutableArray<Operand>? Key(List<RegisterPart> parts, NftSet set)
    {
        List<Operand> key = [];
        foreach (RegisterPart part in parts)
        {
            if (Slice(part) is not FieldRegister field || field.Length != part.Length)
            {
                return null;
            }

            foreach ((Operand operand, _, int length) in Natural(field.Operand, part.Length))
            {
                // Each part of several stands on words of its own.
                if (length % 4 != 0 && length != part.Length)
                {
                    return null;
                }

                key.Add(operand);
            }
        }

        return set.Agree(parts) ? [.. key] : null;
    }

    /// <summary>Makes a chance of a comparison with what can't be foreseen; false where there is none in it.</summary>
    private bool Unknown(List<RegisterPart> parts, string rest)
    {
        bool isStable = true;
        List<string> texts = [];
        bool isUnknown = false;
        foreach (RegisterPart part in parts)
        {
            switch (part.Value)
            {
                case UnknownRegister unknown:
                    isUnknown = true;
                    isStable &= unknown.IsStable;
                    texts.Add(unknown.Text);
                    break;
                case FieldRegister field:
                    texts.Add(Describe(field.Operand));
                    break;
                default:
                    isStable = false;
                    break;
            }
        }

        return isUnknown && Chance(string.Join(" . ", texts) + " " + rest, isStable);
    }

    private static bool IsUnknown(List<RegisterPart> parts)
    {
        foreach (RegisterPart part in parts)
        {
            if (part.Value is UnknownRegister)
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(Operand operand)
    {
        PacketField field = operand.Field;
        string name = string.Create(CultureInfo.InvariantCulture, $"{field.Source} {field.Name} {field.Offset} {field.Length}");
        return operand.Mask.IsEmpty && operand.Xor.IsEmpty ? name
            : $"{name} & 0x{Convert.ToHexStringLower(operand.Mask.AsSpan())} ^ 0x{Convert.ToHexStringLower(operand.Xor.AsSpan())}";
    }

    /// <summary>Writes what stands in a register.</summary>
    private bool Assign(PacketField field, bool isHostOrder, uint? register) =>
        Source(register, register, field.Length, isHostOrder, "a value that can't be told") is ValueSource value && Add(new AssignStep(field, value));

    /// <summary>What stands in one register, or between two, as a value of so many bytes.</summary>
    private ValueSource Source(uint? register, uint? last, int length, bool isHostOrder, string otherwise)
    {
        List<RegisterPart>? parts = _registers.Read(register, length);
        if (parts is not [RegisterPart part] || part.Length != length)
        {
            return new UnknownValue(otherwise);
        }

        if (last is not null && last != register)
        {
            return part.Value is ConstantRegister first && _registers.Read(last, length) is [{ Value: ConstantRegister second } end] && end.Length == length
                ? new ConstantValue(Order(first.Bytes.AsSpan(part.Offset, length), isHostOrder), Order(second.Bytes.AsSpan(end.Offset, length), isHostOrder))
                : new UnknownValue(otherwise);
        }

        isHostOrder &= length > 1;
        switch (part.Value)
        {
            case ConstantRegister constant:
                ImmutableArray<byte> bytes = Order(constant.Bytes.AsSpan(part.Offset, length), isHostOrder);
                return new ConstantValue(bytes, bytes);
            case FieldRegister when Slice(part) is FieldRegister field && field.Length == length && field.IsHostOrder == isHostOrder:
                return new ComputedValue(field.Operand);
            case MapRegister map when map.Map.AgreeData(part.Offset, length, isHostOrder):
                map.IsSaid = true;
                return new MappedValue(map.Key, map.Map.Name, part.Offset, length);
            case UnknownRegister unknown:
                return new UnknownValue(unknown.Text);
            default:
                return new UnknownValue(otherwise);
        }
    }
}
