using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Makes functions of the conditions of rules. "Hit" and "miss" are the diagrams for packets that meet them and for those that do not.</summary>
internal sealed class MatchCompiler(DiagramStore store, Layout layout, FieldReader reader, Arrival arrival)
{
    private const int Miss = ~0;  // falls through to the next alternative
    private const int Hit = ~1;

    /// <summary>The condition of a match; null where the packets do not have the field, so that it never holds.</summary>
    internal int? Match(MatchStep step, PacketState state, int hit, int miss)
    {
        (int yes, int no) = step.Negated ? (miss, hit) : (hit, miss);
        return Ranges([step.Operand], step.Ranges, state, yes, no);
    }

    /// <summary>The condition of a lookup; null where the packets do not have a field of the key.</summary>
    internal int? Lookup(LookupStep step, FirewallSet? set, PacketState state, int hit, int miss)
    {
        (int yes, int no) = step.Negated ? (miss, hit) : (hit, miss);
        string text = $"{KeyText(step.Key)} in @{step.Set}";
        if (set is null || IsUnsteady(set))
        {
            return Literal(text, set is null ? text + ", which is not known" : text + ", which changes by itself", yes, no);
        }

        if (step.Key.Length == 1)
        {
            ImmutableArray<ByteRange>.Builder ranges = ImmutableArray.CreateBuilder<ByteRange>(set.Count);
            for (int at = 0; at < set.Count; at++)
            {
                ranges.Add(new ByteRange(SetElements.First(set, at), SetElements.Last(set, at)));
            }

            return Ranges(step.Key, ranges.MoveToImmutable(), state, yes, no);
        }

        int[] elements = new int[set.Count];
        for (int at = 0; at < elements.Length; at++)
        {
            if (Element(step.Key, set, at, state, Hit) is not int element)
            {
                return null;
            }

            elements[at] = element;
        }

        return Put(AnyOf(elements), yes, no);
    }

    /// <summary>Whether what a set holds now says little of what it holds when the packet comes.</summary>
    internal static bool IsUnsteady(FirewallSet set) => set.IsDynamic || set.HasTimeouts || set.IsIncomplete;

    /// <summary>The diagram <paramref name="hit"/> for packets with the key of an element, else falling through; null where the packets have no such key.</summary>
    internal int? Element(ImmutableArray<Operand> key, FirewallSet set, int element, PacketState state, int hit)
    {
        ImmutableArray<byte> first = SetElements.First(set, element);
        ImmutableArray<byte> last = SetElements.Last(set, element);
        int diagram = hit;
        int end = SetElements.PaddedLength(key);
        for (int part = key.Length - 1; part >= 0; part--)
        {
            int length = key[part].Field.Length;
            end -= SetElements.Padded(length, key.Length);
            if (end < 0 || end + length > first.Length)
            {
                return Literal($"{KeyText(key)} in @{set.Name}", $"{KeyText(key)} in @{set.Name}, whose keys are of another length", diagram, Miss);
            }

            if (Ranges([key[part]], [new ByteRange(first.Slice(end, length), last.Slice(end, length))], state, diagram, Miss) is not int narrower)
            {
                return null;
            }

            diagram = narrower;
        }

        return diagram;
    }

    /// <summary>The first of several functions that does not fall through.</summary>
    internal int AnyOf(ReadOnlySpan<int> diagrams) => diagrams.Length switch
    {
        0 => Miss,
        1 => diagrams[0],
        _ => store.Then(AnyOf(diagrams[..(diagrams.Length / 2)]), AnyOf(diagrams[(diagrams.Length / 2)..])),
    };

    /// <summary>Something that the packet does not tell.</summary>
    /// <param name="key">What; equal keys agree.</param>
    /// <param name="text">How it is told.</param>
    /// <param name="hit">Where it holds.</param>
    /// <param name="miss">Where it does not.</param>
    internal int Literal(string key, string text, int hit, int miss) =>
        store.Branch(layout.RankOfLiteral(key, text), [0, ulong.MaxValue], [miss, hit]);

    private int? Ranges(ImmutableArray<Operand> key, ImmutableArray<ByteRange> ranges, PacketState state, int hit, int miss)
    {
        Operand operand = key[0];
        if (operand.Field is { Source: FieldSource.Route, Name: "daddr type" } && state.Address is null)
        {
            return DestinationType(ranges, hit, miss);
        }

        if (reader.Read(operand.Field, state, operand.Mask) is not { } pieces)
        {
            return null;
        }

        if (pieces.Length == 1 && pieces[0].IsDimension && Intervals(operand, pieces[0], ranges) is { } intervals)
        {
            return Union(pieces[0].Rank, intervals, hit, miss);
        }

        if (pieces.Any(piece => piece.Text is not null) || !IsPlain(operand, pieces))
        {
            string text = $"{FieldText.Of(operand)} {RuleText.Ranges(operand, ranges)}";
            return Literal(text, text, hit, miss);
        }

        pieces = WithBits(operand, pieces);
        int[] each = new int[ranges.Length];
        for (int at = 0; at < each.Length; at++)
        {
            each[at] = Range(pieces, operand.Mask, 0, 0, ranges[at], true, true);
        }

        return Put(AnyOf(each), hit, miss);
    }

    /// <summary>Puts other diagrams in the place of hits and misses.</summary>
    private int Put(int function, int hit, int miss) =>
        hit == Hit && miss == Miss ? function : store.Bind(function, outcome => outcome == DiagramStore.OutcomeOf(Hit) ? hit : miss);

    /// <summary>Known bytes with the operand's mask and turned bits.</summary>
    private static ImmutableArray<Piece> WithBits(Operand operand, ImmutableArray<Piece> pieces)
    {
        if (operand.Mask.IsEmpty && operand.Xor.IsEmpty)
        {
            return pieces;
        }

        int at = 0;
        ImmutableArray<Piece>.Builder with = ImmutableArray.CreateBuilder<Piece>(pieces.Length);
        foreach (Piece piece in pieces)
        {
            with.Add(piece.IsKnown ? Piece.Of([.. piece.Known.Select((one, index) => Bits(operand, at + index, one))]) : piece);
            at += piece.Length;
        }

        return with.MoveToImmutable();
    }

    private static byte Bits(Operand operand, int at, byte value) =>
        (byte)((value & (at < operand.Mask.Length ? operand.Mask[at] : 0xff)) ^ (at < operand.Xor.Length ? operand.Xor[at] : 0));

    /// <summary>Whether each piece that the sender chooses begins its dimension and is asked for by leading bits alone.</summary>
    private static bool IsPlain(Operand operand, ImmutableArray<Piece> pieces)
    {
        int at = 0;
        foreach (Piece piece in pieces)
        {
            if (piece.IsDimension && (piece.Skip > 0 || Leading(operand.Mask, at, piece.Length) is null || !IsZero(operand.Xor, at, piece.Length)))
            {
                return false;
            }

            at += piece.Length;
        }

        return true;
    }

    private static bool IsZero(ImmutableArray<byte> bits, int at, int length) => bits.IsEmpty || bits.AsSpan(at, length).IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The number of leading ones of a part of a mask that has ones nowhere else; null for another mask.</summary>
    private static int? Leading(ImmutableArray<byte> mask, int at, int length)
    {
        if (mask.IsEmpty)
        {
            return length * 8;
        }

        int ones = 0;
        bool isOver = false;
        for (int bit = 0; bit < length * 8; bit++)
        {
            bool isOne = (mask[at + (bit / 8)] >> (7 - (bit % 8)) & 1) != 0;
            if (isOne && isOver)
            {
                return null;
            }

            ones += isOne ? 1 : 0;
            isOver |= !isOne;
        }

        return ones;
    }

    /// <summary>The values of a dimension for which an operand lies in the ranges; null where it is asked for otherwise than by leading bits and is too wide to try each.</summary>
    private static List<(ulong First, ulong Last)>? Intervals(Operand operand, Piece piece, ImmutableArray<ByteRange> ranges)
    {
        int? leading = piece.Skip == 0 && IsZero(operand.Xor, 0, piece.Length) ? Leading(operand.Mask, 0, piece.Length) : null;
        if (leading is int bits)
        {
            List<(ulong, ulong)> intervals = [];
            foreach (ByteRange range in ranges)
            {
                if (Units(range.First, range.Last, 0, Math.Min(piece.Length, range.First.Length), bits, out ulong low, out ulong high, out _, out _) && low <= high)
                {
                    int shift = (piece.Width * 8) - Math.Min(bits, Math.Min(piece.Length, range.First.Length) * 8);
                    intervals.Add((shift == 64 ? 0 : low << shift, Branches.End(high, shift, piece.Width)));
                }
            }

            return intervals;
        }

        return piece.Width > 2 ? null : Tried(operand, piece, ranges);
    }

    private static List<(ulong First, ulong Last)> Tried(Operand operand, Piece piece, ImmutableArray<ByteRange> ranges)
    {
        List<(ulong, ulong)> intervals = [];
        Span<byte> whole = stackalloc byte[8];
        Span<byte> value = stackalloc byte[piece.Length];
        ulong most = (1UL << (piece.Width * 8)) - 1;
        for (ulong number = 0; number <= most; number++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(whole, number);
            for (int at = 0; at < value.Length; at++)
            {
                value[at] = Bits(operand, at, whole[8 - piece.Width + piece.Skip + at]);
            }

            foreach (ByteRange range in ranges)
            {
                ReadOnlySpan<byte> compared = value[..Math.Min(value.Length, range.First.Length)];
                if (compared.SequenceCompareTo(range.First.AsSpan()) >= 0 && compared.SequenceCompareTo(range.Last.AsSpan()) <= 0)
                {
                    intervals.Add((number, number == most ? ulong.MaxValue : number));
                    break;
                }
            }
        }

        return intervals;
    }

    private int Union(int rank, List<(ulong First, ulong Last)> intervals, int hit, int miss)
    {
        intervals.Sort(static (left, right) => left.First.CompareTo(right.First));
        List<ulong> lasts = [];
        List<int> diagrams = [];
        ulong next = 0;
        bool isFull = false;
        foreach ((ulong first, ulong last) in intervals)
        {
            if (isFull || (last < next && next > 0))
            {
                continue;
            }

            if (first > next)
            {
                lasts.Add(first - 1);
                diagrams.Add(miss);
            }

            lasts.Add(last);
            diagrams.Add(hit);
            isFull = last == ulong.MaxValue;
            next = last + 1;
        }

        if (!isFull)
        {
            lasts.Add(ulong.MaxValue);
            diagrams.Add(miss);
        }

        return store.Branch(rank, [.. lasts], [.. diagrams]);
    }

    /// <summary>
    /// A part of both bounds in units of the leading bits that count. A bound with bits behind these is never met exactly.
    /// </summary>
    /// <returns>False where no value is as great as the lower bound.</returns>
    private static bool Units(ImmutableArray<byte> first, ImmutableArray<byte> last, int at, int length, int bits, out ulong low, out ulong high, out bool isLowMet, out bool isHighMet)
    {
        ulong from = 0;
        ulong to = 0;
        for (int index = at; index < at + length; index++)
        {
            from = (from << 8) | first[index];
            to = (to << 8) | last[index];
        }

        int drop = Math.Max(0, (length * 8) - bits);
        ulong rest = drop == 64 ? ulong.MaxValue : (1UL << drop) - 1;
        low = drop == 64 ? 0 : from >> drop;
        high = drop == 64 ? 0 : to >> drop;
        isLowMet = (from & rest) == 0;
        isHighMet = (to & rest) == 0;
        if (!isLowMet)
        {
            if (low == (bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1))
            {
                return false;
            }

            low++;
        }

        return true;
    }

    /// <summary>Packets whose pieces, one behind the other, lie between two bounds in the order of their bytes.</summary>
    private int Range(ImmutableArray<Piece> pieces, ImmutableArray<byte> mask, int index, int at, ByteRange range, bool isLow, bool isHigh)
    {
        if (index == pieces.Length || at >= range.First.Length || (!isLow && !isHigh))
        {
            return Hit;
        }

        Piece piece = pieces[index];
        int length = Math.Min(piece.Length, range.First.Length - at);
        if (piece.IsKnown)
        {
            int below = isLow ? piece.Known.AsSpan(0, length).SequenceCompareTo(range.First.AsSpan(at, length)) : 1;
            int above = isHigh ? piece.Known.AsSpan(0, length).SequenceCompareTo(range.Last.AsSpan(at, length)) : -1;
            return below < 0 || above > 0 ? Miss : Range(pieces, mask, index + 1, at + piece.Length, range, below == 0, above == 0);
        }

        int bits = Math.Min(Leading(mask, at, piece.Length)!.Value, length * 8);
        bool isThere = Units(range.First, range.Last, at, length, bits, out ulong low, out ulong high, out bool isLowMet, out bool isHighMet);
        if (isLow && (!isThere || (isHigh && low > high)))
        {
            return Miss;
        }

        low = isLow ? low : 0;
        high = isHigh ? high : bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;
        int next = at + piece.Length;
        Branches branches = new((piece.Width * 8) - bits, piece.Width);
        if (low == high)
        {
            branches.Add(low, Miss, Range(pieces, mask, index + 1, next, range, isLow && isLowMet, isHigh && isHighMet));
        }
        else
        {
            branches.Add(low, Miss, isLow ? Range(pieces, mask, index + 1, next, range, isLowMet, false) : Hit);
            branches.Add(high, Hit, isHigh ? Range(pieces, mask, index + 1, next, range, false, isHighMet) : Hit);
        }

        return branches.Finish(store, piece.Rank, Miss);
    }

    /// <summary>The type of destinations as they were sent: each type's addresses in the place of the type.</summary>
    private int DestinationType(ImmutableArray<ByteRange> types, int hit, int miss)
    {
        bool isV4 = arrival.Version == IpVersion.V4;
        Operand destination = new(new PacketField(FieldSource.NetworkHeader, "", isV4 ? 16 : 24, isV4 ? 4 : 16));
        int rest = AddressTypes.Has(types, AddressTypes.Unicast) ? hit : miss;
        foreach ((uint type, ImmutableArray<ByteRange> addresses) in AddressTypes.Others(arrival))
        {
            rest = Ranges([destination], addresses, new PacketState(), AddressTypes.Has(types, type) ? hit : miss, rest)!.Value;
        }

        return rest;
    }

    private static string KeyText(ImmutableArray<Operand> key) => string.Join(" . ", key.Select(FieldText.Of));
}
