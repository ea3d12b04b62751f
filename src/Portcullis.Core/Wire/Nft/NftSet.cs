using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// A set while it is read. Which parts of its keys and data are numbers in the machine's byte order is learnt from the rules that use
/// it; where two rules disagree, or an order has no meaning, the second one is told that it can't be expressed.
/// </summary>
internal sealed class NftSet(string name)
{
    /// <summary>NFT_DATA_VALUE_MAXLEN.</summary>
    internal const int LongestValue = 64;

    internal const uint Anonymous = 0x1;
    internal const uint Interval = 0x4;
    internal const uint Map = 0x8;
    internal const uint Timeout = 0x10;
    internal const uint Eval = 0x20;
    internal const uint Object = 0x40;
    internal const uint Concatenation = 0x80;
    internal const uint KnownFlags = 0x1ff;

    private List<ByteSegment>? _keyOrder;
    private readonly List<ByteSegment> _dataOrder = [];

    internal string Name { get; } = name;

    internal uint Flags { get; init; }

    internal int KeyLength { get; init; }

    internal int DataLength { get; init; }

    internal bool HoldsVerdicts { get; init; }

    /// <summary>For a map of objects their NFT_OBJECT_ type; 0 for none.</summary>
    internal uint ObjectType { get; init; }

    internal bool HasTimeouts { get; set; }

    internal bool IsIncomplete { get; set; }

    internal bool IsChangedByRules { get; set; }

    /// <summary>Whether finding an element may still end the rule, by a limit that the element has.</summary>
    internal bool HasLimits { get; set; }

    internal bool HasCatchAll { get; set; }

    /// <summary>What the kernel told: a key, and where it is a range of its own, its end; else the key once more.</summary>
    internal ByteBag Starts { get; } = new();

    internal ByteBag Ends { get; } = new();

    internal ByteBag Data { get; } = new();

    /// <summary>For each element what it is; an <see cref="ElementMark"/>.</summary>
    internal ByteBag Marks { get; } = new();

    internal List<RuleVerdict> Verdicts { get; } = [];

    /// <summary>The keys as ranges, once all elements are there.</summary>
    internal byte[] Keys { get; set; } = [];

    internal byte[] FinalData { get; set; } = [];

    internal RuleVerdict[] FinalVerdicts { get; set; } = [];

    /// <summary>Whether its keys, made of these parts, can be told as big-endian numbers.</summary>
    internal bool Agree(List<RegisterPart> parts)
    {
        List<ByteSegment> order = [];
        foreach (RegisterPart part in parts)
        {
            if (part.Value is FieldRegister { IsHostOrder: true } && part.Length > 1)
            {
                order.Add(new ByteSegment(part.At, part.Length, true));
            }
        }

        if (_keyOrder is not null)
        {
            return CollectionsMarshal.AsSpan(_keyOrder).SequenceEqual(CollectionsMarshal.AsSpan(order));
        }

        if (!HasOneValueIn(order))
        {
            return false;
        }

        _keyOrder = order;
        return true;
    }

    /// <summary>Whether these bytes of its data can be told in the order that somebody needs.</summary>
    internal bool AgreeData(int offset, int length, bool isHostOrder)
    {
        ByteSegment wanted = new(offset, length, isHostOrder && length > 1);
        foreach (ByteSegment known in _dataOrder)
        {
            if (known != wanted && known.Offset < offset + length && offset < known.Offset + known.Length && (known.IsHostOrder || wanted.IsHostOrder))
            {
                return false;
            }
        }

        if (!_dataOrder.Contains(wanted))
        {
            _dataOrder.Add(wanted);
        }

        return true;
    }

    internal FirewallSet ToModel()
    {
        Turn(Keys, KeyLength, _keyOrder ?? []);
        Turn(FinalData, DataLength, _dataOrder);
        return new FirewallSet
        {
            Name = Name,
            IsAnonymous = (Flags & Anonymous) != 0,
            IsDynamic = IsChangedByRules || HasTimeouts || (Flags & (Eval | Timeout)) != 0,
            HasTimeouts = HasTimeouts,
            KeyLength = KeyLength,
            Keys = ImmutableCollectionsMarshal.AsImmutableArray(Keys),
            Verdicts = ImmutableCollectionsMarshal.AsImmutableArray(FinalVerdicts),
            DataLength = DataLength,
            Data = ImmutableCollectionsMarshal.AsImmutableArray(FinalData),
            HasCatchAll = HasCatchAll,
            IsIncomplete = IsIncomplete,
        };
    }

    /// <summary>A range from one little-endian number to another is none of big-endian ones.</summary>
    private bool HasOneValueIn(List<ByteSegment> order)
    {
        int count = order.Count == 0 || KeyLength == 0 ? 0 : (Keys.Length / (2 * KeyLength)) - (HasCatchAll ? 1 : 0);
        for (int at = 0; at < count; at++)
        {
            ReadOnlySpan<byte> element = Keys.AsSpan(at * 2 * KeyLength, 2 * KeyLength);
            foreach (ByteSegment segment in order)
            {
                if (!element.Slice(segment.Offset, segment.Length).SequenceEqual(element.Slice(KeyLength + segment.Offset, segment.Length)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Turn(byte[] values, int length, List<ByteSegment> order)
    {
        foreach (ByteSegment segment in order)
        {
            for (int at = 0; segment.IsHostOrder && BitConverter.IsLittleEndian && length > 0 && at + length <= values.Length; at += length)
            {
                values.AsSpan(at + segment.Offset, segment.Length).Reverse();
            }
        }
    }
}
