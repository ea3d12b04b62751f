using System;
using System.Buffers.Binary;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Reads the elements of sets (enum nft_set_elem_attributes of linux/netfilter/nf_tables.h), without an object for each.</summary>
internal sealed class NftElements(NftVerdict verdicts)
{
    private const int NFTA_LIST_ELEM = 1;
    private const int KEY = 1;
    private const int DATA = 2;
    private const int FLAGS = 3;
    private const int TIMEOUT = 4;
    private const int EXPIRATION = 5;
    private const int USERDATA = 6;
    private const int EXPR = 7;
    private const int PAD = 8;
    private const int OBJREF = 9;
    private const int KEY_END = 10;
    private const int EXPRESSIONS = 11;
    private const int NFTA_EXPR_NAME = 1;
    private const int NFTA_DATA_VALUE = 1;
    private const uint IntervalEnd = 0x1;
    private const uint CatchAll = 0x2;

    private static readonly byte[] Zeros = new byte[NftSet.LongestValue];
    private static readonly byte[] Ones = [.. Enumerable.Repeat((byte)0xff, NftSet.LongestValue)];
    private static readonly RuleVerdict NoVerdict = new(VerdictKind.Continue);

    /// <summary>Adds the elements in NFTA_SET_ELEM_LIST_ELEMENTS to a set.</summary>
    internal void Read(ReadOnlySpan<byte> list, NftSet set)
    {
        NetlinkAttributes elements = new(list);
        while (elements.Next())
        {
            set.IsIncomplete |= elements.Type != NFTA_LIST_ELEM || !One(elements.Value, set);
        }

        set.IsIncomplete |= elements.Malformed;
    }

    /// <summary>Whether the expressions of an element, or of all of a set, may end a rule.</summary>
    internal static bool MayEnd(ReadOnlySpan<byte> expressions, bool isList)
    {
        NetlinkAttributes each = new(expressions);
        bool may = false;
        while (each.Next())
        {
            if (isList)
            {
                may |= MayEnd(each.Value, false);
            }
            else if (each.Type == NFTA_EXPR_NAME)
            {
                may |= NftAttributes.TextOf(each.Value) is not ("counter" or "last");
            }
        }

        return may;
    }

    private bool One(ReadOnlySpan<byte> element, NftSet set)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> end = default;
        ReadOnlySpan<byte> data = default;
        uint flags = 0;
        bool known = true;
        NetlinkAttributes attributes = new(element);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case KEY: key = Value(attributes.Value); break;
                case KEY_END: end = Value(attributes.Value); break;
                case DATA: data = attributes.Value; break;
                case FLAGS: flags = attributes.Value.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(attributes.Value) : uint.MaxValue; break;
                case TIMEOUT or EXPIRATION: set.HasTimeouts = true; break;
                case EXPR: set.HasLimits |= MayEnd(attributes.Value, false); break;
                case EXPRESSIONS: set.HasLimits |= MayEnd(attributes.Value, true); break;
                case USERDATA or PAD or OBJREF: break;
                default: known = false; break;
            }
        }

        known &= !attributes.Malformed && (flags & ~(IntervalEnd | CatchAll)) == 0;
        return known && Add(set, key, end, data, flags);
    }

    private bool Add(NftSet set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end, ReadOnlySpan<byte> data, uint flags)
    {
        bool isEnd = (flags & IntervalEnd) != 0;
        bool isCatchAll = (flags & CatchAll) != 0;
        if (isCatchAll)
        {
            key = Zeros.AsSpan(0, set.KeyLength);
            end = Ones.AsSpan(0, set.KeyLength);
        }

        if (key.Length != set.KeyLength || (!end.IsEmpty && end.Length != set.KeyLength) || (isCatchAll && set.HasCatchAll))
        {
            return false;
        }

        RuleVerdict? verdict = !set.HoldsVerdicts ? null : isEnd ? NoVerdict : verdicts.In(data);
        ReadOnlySpan<byte> value = set.DataLength == 0 || isEnd ? Zeros.AsSpan(0, set.DataLength) : Value(data);
        if ((set.HoldsVerdicts && verdict is null) || value.Length != set.DataLength)
        {
            return false;
        }

        set.HasCatchAll |= isCatchAll;
        set.Starts.Add(key);
        set.Ends.Add(end.IsEmpty ? key : end);
        set.Data.Add(value);
        set.Marks.Add([isCatchAll ? ElementMark.CatchAll : isEnd ? ElementMark.End : end.IsEmpty ? ElementMark.Start : ElementMark.Range]);
        if (verdict is not null)
        {
            set.Verdicts.Add(verdict);
        }

        return true;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> data)
    {
        NetlinkAttributes attributes = new(data);
        return attributes.Next() && attributes.Type == NFTA_DATA_VALUE ? attributes.Value : default;
    }
}
