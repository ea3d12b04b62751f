using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <content>The expressions that compare, look up and calculate.</content>
internal sealed partial class RuleDecoder
{
    /// <summary>enum nft_cmp_attributes: SREG 1, OP 2, DATA 3; enum nft_cmp_ops: EQ, NEQ, LT, LTE, GT, GTE.</summary>
    private bool Compare(ReadOnlySpan<byte> data)
    {
        NftAttributes compare = new(data, 3);
        byte[] value = compare.Value(3).ToArray();
        if (!compare.IsWhole || compare.Number(2) is not (uint operation and <= 5) || _registers.Read(compare.Number(1), value.Length) is not List<RegisterPart> parts)
        {
            return false;
        }

        if (IsUnknown(parts) && Unknown(parts, string.Concat(Operators[operation], " 0x", Convert.ToHexStringLower(value))))
        {
            return true;
        }

        if (operation == 0)
        {
            return Equal(parts, value);
        }

        return One(parts, value.Length) is FieldRegister field
            && (!field.IsHostOrder || operation == 1)
            && Bound(Whole(field), operation, value) is MatchStep step && Narrow(step);
    }

    private static readonly string[] Operators = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>Equality over several fields is equality of each.</summary>
    private bool Equal(List<RegisterPart> parts, byte[] value)
    {
        int before = _steps.Count;
        int told = 0;
        foreach (RegisterPart part in parts)
        {
            if (value.AsSpan(told..part.At).ContainsAnyExcept((byte)0) || Slice(part) is not FieldRegister field || (field.IsHostOrder && part.Length != field.Length))
            {
                _steps.RemoveRange(before, _steps.Count - before);
                return false;
            }

            told = part.At + part.Length;
            foreach ((Operand operand, int at, int length) in Natural(field.Operand, part.Length))
            {
                ImmutableArray<byte> wanted = Order(field, value.AsSpan(part.At + at, length));
                _steps.Add(Within(at == 0 ? Whole(new FieldRegister(operand, field.IsHostOrder)).Operand : operand, wanted, wanted, false));
            }
        }

        return !value.AsSpan(told).ContainsAnyExcept((byte)0);
    }

    /// <summary>A comparison other than for equality as a range.</summary>
    private static MatchStep? Bound(FieldRegister field, uint operation, byte[] value)
    {
        byte[] least = new byte[value.Length];
        byte[] most = new byte[value.Length];
        Array.Fill(most, (byte)0xff);
        byte[] other = [.. value];
        switch (operation)
        {
            case 1:
                return field.IsHostOrder && value.Length != field.Length ? null
                    : Within(field.Operand, Order(field, value), Order(field, value), true);
            case 2:
                return NftIntervals.Decrement(other) ? Within(field.Operand, [.. least], [.. other], false) : new MatchStep(field.Operand, [], false);
            case 3:
                return Within(field.Operand, [.. least], [.. value], false);
            case 4:
                return NftIntervals.Increment(other) ? Within(field.Operand, [.. other], [.. most], false) : new MatchStep(field.Operand, [], false);
            default:
                return Within(field.Operand, [.. value], [.. most], false);
        }
    }

    /// <summary>enum nft_range_attributes: SREG 1, OP 2, FROM_DATA 3, TO_DATA 4; enum nft_range_ops: EQ, NEQ.</summary>
    private bool InRange(ReadOnlySpan<byte> data)
    {
        NftAttributes range = new(data, 4);
        byte[] from = range.Value(3).ToArray();
        byte[] to = range.Value(4).ToArray();
        if (!range.IsWhole || from.Length != to.Length || range.Number(2) is not (uint operation and <= 1) || _registers.Read(range.Number(1), from.Length) is not List<RegisterPart> parts)
        {
            return false;
        }

        if (IsUnknown(parts) && Unknown(parts, $"{(operation == 0 ? "in" : "not in")} 0x{Convert.ToHexStringLower(from)}-0x{Convert.ToHexStringLower(to)}"))
        {
            return true;
        }

        return One(parts, from.Length) is FieldRegister { IsHostOrder: false } field && Add(Within(Whole(field).Operand, [.. from], [.. to], operation == 1));
    }

    /// <summary>enum nft_lookup_attributes: SET 1, SREG 2, DREG 3, SET_ID 4, FLAGS 5 (1: inverted).</summary>
    private bool Lookup(ReadOnlySpan<byte> data)
    {
        NftAttributes lookup = new(data, 5);
        uint flags = lookup.Number(5) ?? 0;
        if (!lookup.IsWhole || flags > 1 || table.SetsByName.GetValueOrDefault(lookup.Text(1)) is not NftSet set
            || _registers.Read(lookup.Number(2), set.KeyLength) is not List<RegisterPart> parts)
        {
            return false;
        }

        if (!lookup.Has(3) && IsUnknown(parts) && Unknown(parts, (flags == 1 ? "not in set " : "in set ") + set.Name))
        {
            return true;
        }

        if (lookup.Has(3) && Unforeseen(parts, set) is string text)
        {
            return Choose(text, set, lookup.Number(3));
        }

        if (Key(parts, set) is not ImmutableArray<Operand> key)
        {
            return false;
        }

        if (set.HasLimits && flags == 0)
        {
            Chance($"a limit of the element of set {set.Name}", false);
        }

        if (!lookup.Has(3))
        {
            return Add(new LookupStep(key, set.Name, flags == 1));
        }

        if (set.HoldsVerdicts)
        {
            return lookup.Number(3) == RegisterFile.Verdict && Add(new VerdictMapStep(key, set.Name));
        }

        MapRegister value = new(key, set);
        _maps.Add((value, _steps.Count));
        return _registers.Store(lookup.Number(3), value);
    }

    /// <summary>enum nft_byteorder_attributes: SREG 1, DREG 2, OP 3, LEN 4, SIZE 5. To and from is the same where the machine is little-endian, and nothing where it is not.</summary>
    private bool ByteOrder(ReadOnlySpan<byte> data)
    {
        NftAttributes order = new(data, 5);
        if (!order.IsWhole || order.Number(4) is not (uint length and >= 1 and <= NftSet.LongestValue) || _registers.Read(order.Number(1), (int)length) is not List<RegisterPart> parts)
        {
            return false;
        }

        if (length < order.Number(5))
        {
            // nft_byteorder_eval turns only whole words of the size: nothing here. nft 1.0.6 writes it for "meta l4proto" in a key with ranges.
            return true;
        }

        RegisterValue value = parts[0].Value switch
        {
            FieldRegister field when parts.Count == 1 && parts[0].IsAll && order.Number(5) == length => new FieldRegister(field.Operand, !field.IsHostOrder && length > 1),
            UnknownRegister unknown when parts.Count == 1 => unknown,
            _ => new UnknownRegister("a value in another byte order", false, (int)length),
        };
        return _registers.Store(order.Number(2), value);
    }

    /// <summary>
    /// enum nft_bitwise_attributes: SREG 1, DREG 2, LEN 3, MASK 4, XOR 5, OP 6, DATA 7, SREG2 8; the operations are mask and xor, shift left,
    /// shift right, and since Linux 6.13 and, or, xor with a second register.
    /// </summary>
    private bool Bitwise(ReadOnlySpan<byte> data)
    {
        NftAttributes bitwise = new(data, 8);
        if (!bitwise.IsWhole || bitwise.Number(3) is not (uint length and >= 1 and <= NftSet.LongestValue) || _registers.Read(bitwise.Number(1), (int)length) is not List<RegisterPart> parts)
        {
            return false;
        }

        uint operation = bitwise.Number(6) ?? 0;
        byte[] mask = bitwise.Value(4).ToArray();
        byte[] xor = bitwise.Value(5).ToArray();
        if (operation is >= 3 and <= 5)
        {
            if (!Second(_registers.Read(bitwise.Number(8), (int)length), operation, ref mask, ref xor))
            {
                return _registers.Store(bitwise.Number(2), new UnknownRegister("two values combined", false, (int)length));
            }

            operation = 0;
        }

        RegisterValue value = operation switch
        {
            0 when mask.Length == length && xor.Length == length => Masked(parts, mask, xor),
            1 or 2 => Shifted(parts, operation == 1 ? "<<" : ">>", bitwise.Value(7).ToArray(), (int)length),
            _ => new UnknownRegister("bitwise", false, (int)length),
        };
        return _registers.Store(bitwise.Number(2), value);
    }

    private static bool Second(List<RegisterPart>? parts, uint operation, ref byte[] mask, ref byte[] xor)
    {
        if (parts is not [{ IsAll: true, Value: ConstantRegister constant }])
        {
            return false;
        }

        byte[] value = constant.Bytes;
        mask = new byte[value.Length];
        xor = new byte[value.Length];
        for (int at = 0; at < value.Length; at++)
        {
            mask[at] = operation switch { 3 => value[at], 4 => (byte)~value[at], _ => 0xff };
            xor[at] = operation == 3 ? (byte)0 : value[at];
        }

        return true;
    }

    private static RegisterValue Masked(List<RegisterPart> parts, byte[] mask, byte[] xor)
    {
        if (parts is [{ Value: ConstantRegister constant } only])
        {
            byte[] value = constant.Bytes[only.Offset..(only.Offset + only.Length)];
            Array.Resize(ref value, mask.Length);
            for (int at = 0; at < value.Length; at++)
            {
                value[at] = (byte)((value[at] & mask[at]) ^ xor[at]);
            }

            return new ConstantRegister(value);
        }

        if (One(parts, mask.Length) is not FieldRegister field || field.Length != mask.Length)
        {
            return parts is [{ Value: UnknownRegister unknown }]
                ? new UnknownRegister($"bits 0x{Convert.ToHexStringLower(mask)} 0x{Convert.ToHexStringLower(xor)} of {unknown.Text}", unknown.IsStable, mask.Length)
                : new UnknownRegister("bits of several values", false, mask.Length);
        }

        ImmutableArray<byte> kept = Order(field, mask);
        ImmutableArray<byte> turned = Order(field, xor);
        Operand old = field.Operand;
        byte[] newMask = new byte[mask.Length];
        byte[] newXor = new byte[mask.Length];
        for (int at = 0; at < mask.Length; at++)
        {
            newMask[at] = (byte)((old.Mask.IsEmpty ? 0xff : old.Mask[at]) & kept[at]);
            newXor[at] = (byte)(((old.Xor.IsEmpty ? 0 : old.Xor[at]) & kept[at]) ^ turned[at]);
        }

        bool keepsAll = !newMask.AsSpan().ContainsAnyExcept((byte)0xff);
        bool turnsNone = !newXor.AsSpan().ContainsAnyExcept((byte)0);
        return new FieldRegister(new Operand(old.Field, keepsAll ? [] : [.. newMask], turnsNone ? [] : [.. newXor]), field.IsHostOrder);
    }

    private static UnknownRegister Shifted(List<RegisterPart> parts, string direction, byte[] by, int length)
    {
        string text = $"{direction} 0x{Convert.ToHexStringLower(by)}";
        return parts switch
        {
            [{ IsAll: true, Value: FieldRegister field }] => new UnknownRegister($"{Describe(field.Operand)} {text}", true, length),
            [{ Value: UnknownRegister unknown }] => new UnknownRegister($"{unknown.Text} {text}", unknown.IsStable, length),
            _ => new UnknownRegister("a value " + text, false, length),
        };
    }
}
