using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Makes functions of the conditions of rules. "Hit" and "miss" are the diagrams for packets that meet them and for those that do not.</summary>
internal sealed class MatchCompiler(DiagramStore store, Layout layout, FieldReader reader, Arrival arrival, string scope)
{
    private const int Miss = ~0;  // falls through to the next alternative
    private const int Hit = ~1;

    /// <summary>The condition of a match; null where the packets do not have the field, so that it never holds.</summary>
    internal int? Match(MatchStep step, PacketState state, int hit, int miss)
    {
        (int yes, int no) = step.Negated ? (miss, hit) : (hit, miss);
        return Ranges(step.Operand, step.Ranges, state, yes, no, step.Negated);
    }

    /// <summary>Whether a match holds, where all packets have the same there; null where they do not, or have no such field.</summary>
    internal bool? Decided(MatchStep step, PacketState state)
    {
        if (arrival is { Ports: { } asked, HasPorts: true } && step.Operand is { Field: { Source: FieldSource.TransportHeader, Offset: 2, Length: 2 }, Mask.IsEmpty: true, Xor.IsEmpty: true } && IsAsSent(state))
        {
            return AskedPorts.Agree(asked, step.Ranges) is bool isIn ? isIn != step.Negated : null;
        }

        if (step.Operand.Field.Source is FieldSource.TransportHeader or FieldSource.NetworkHeader or FieldSource.Route
            || reader.Read(step.Operand.Field, state, step.Operand.Mask) is not [{ IsKnown: true }] pieces)
        {
            return null;
        }

        pieces = WithBits(step.Operand, pieces);
        foreach (ByteRange range in step.Ranges)
        {
            if (Range(pieces, step.Operand.Mask, 0, 0, range, true, true) == Hit)
            {
                return !step.Negated;
            }
        }

        return step.Negated;
    }

    /// <summary>The condition of a lookup; null where the packets do not have a field of the key.</summary>
    /// <param name="step">The lookup.</param>
    /// <param name="set">The set; null where it is not known.</param>
    /// <param name="place">Tells this step from every other.</param>
    /// <param name="state">What rules have changed so far.</param>
    /// <param name="hit">Where it holds.</param>
    /// <param name="miss">Where it does not.</param>
    internal int? Lookup(LookupStep step, FirewallSet? set, string place, PacketState state, int hit, int miss)
    {
        (int yes, int no) = step.Negated ? (miss, hit) : (hit, miss);
        string text = $"{KeyText(step.Key)} in @{step.Set}";
        if (!IsThere(step.Key, state, out bool isKnown, out int stamp))
        {
            return null;
        }

        if (set is null || IsUnsteady(set) || !isKnown)
        {
            // A packet may itself be what adds to a dynamic set, so that it is in it only the second time.
            string key = set is null || set.IsDynamic ? place : string.Create(CultureInfo.InvariantCulture, $"{scope} {text} {stamp}");
            return Literal(key, set is null ? text + ", which is not known" : !isKnown ? text : text + ", which changes by itself", yes, no);
        }

        if (step.Key.Length == 1)
        {
            ImmutableArray<ByteRange>.Builder ranges = ImmutableArray.CreateBuilder<ByteRange>(set.Count);
            for (int at = 0; at < set.Count; at++)
            {
                ranges.Add(new ByteRange(SetElements.First(set, at), SetElements.Last(set, at)));
            }

            return Ranges(step.Key[0], ranges.MoveToImmutable(), state, yes, no);
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

    /// <summary>Whether packets have all the fields of a key; and whether it is known, or can be asked for, what stands in them.</summary>
    internal bool IsThere(ImmutableArray<Operand> key, PacketState state, out bool isKnown, out int stamp)
    {
        isKnown = true;
        stamp = 0;
        foreach (Operand part in key)
        {
            if (reader.Read(part.Field, state, part.Mask) is not { } pieces)
            {
                return false;
            }

            bool isType = IsTypeOfDestination(part.Field, state);
            isKnown &= isType || !pieces.Any(piece => piece.Text is not null);
            stamp = (stamp * 31) + pieces.Max(piece => piece.Stamp);
        }

        return true;
    }

    /// <summary>Whether it is asked for the type of a destination as it was sent.</summary>
    private bool IsTypeOfDestination(PacketField field, PacketState state) =>
        field is { Source: FieldSource.Route, Name: "daddr type" } && state.Address is null && !arrival.IsEveryPacket;

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
                return Literal($"{scope} {KeyText(key)} in @{set.Name}", $"{KeyText(key)} in @{set.Name}, whose keys are of another length", diagram, Miss);
            }

            if (Ranges(key[part], [new ByteRange(first.Slice(end, length), last.Slice(end, length))], state, diagram, Miss) is not int narrower)
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

    private int? Ranges(Operand operand, ImmutableArray<ByteRange> ranges, PacketState state, int hit, int miss, bool isNegated = false)
    {
        if (IsTypeOfDestination(operand.Field, state))
        {
            return DestinationType(ranges, hit, miss);
        }

        if (reader.Read(operand.Field, state, operand.Mask) is not { } pieces)
        {
            return null;
        }

        if (pieces.Length == 1 && pieces[0].IsDimension && FieldIntervals.Intervals(operand, pieces[0], ranges) is { } intervals)
        {
            return Union(pieces[0].Rank, intervals, hit, miss);
        }

        if (pieces.Any(piece => piece.Text is not null) || !IsPlain(operand, pieces))
        {
            string text = $"{FieldText.Of(operand)} {RuleText.Ranges(operand, ranges)}";
            string all = string.Join(',', ranges.Select(one => $"{FieldText.Hex(one.First)}-{FieldText.Hex(one.Last)}"));
            string literal = string.Create(CultureInfo.InvariantCulture, $"{FieldText.Of(operand)} {operand.Field.Length} {all} {pieces.Max(piece => piece.Stamp)}");
            if (operand.Field is { Source: FieldSource.Other } field && field.Name.StartsWith("exthdr ", StringComparison.Ordinal))
            {
                // Without the header neither a match nor its negation holds (nft_exthdr.c), so they are two questions.
                literal += isNegated ? " !" : "";
                layout.TakeAbsent(literal, text);
                return Literal(literal, text, isNegated ? miss : hit, isNegated ? hit : miss);
            }

            int either = Literal(literal, text, hit, miss);
            return IsSourceAsSent(operand.Field, state) && SourceRoutes.IsTold(operand.Field, ranges) && SourceRoutes.Found(operand.Field, arrival) is { } found
                ? Ranges(new Operand(reader.Source), found, state, either, HasZero(operand, ranges) ? hit : miss)
                : either;
        }

        pieces = WithBits(operand, pieces);
        int[] each = new int[ranges.Length];
        for (int at = 0; at < each.Length; at++)
        {
            each[at] = Range(pieces, operand.Mask, 0, 0, ranges[at], true, true);
        }

        return Put(AnyOf(each), hit, miss);
    }

    /// <summary>Whether it is asked for the way back to a source that no rule has changed.</summary>
    private bool IsSourceAsSent(PacketField field, PacketState state) =>
        SourceRoutes.IsAskedBy(field) && reader.Read(reader.Source, state, []) is { } source && source.All(static piece => piece.IsDimension);

    /// <summary>Whether a field of zeros would meet a match.</summary>
    private bool HasZero(Operand operand, ImmutableArray<ByteRange> ranges)
    {
        ImmutableArray<Piece> zero = WithBits(operand, [Piece.Of(ImmutableArray.Create(new byte[operand.Field.Length]))]);
        return ranges.Any(range => Range(zero, operand.Mask, 0, 0, range, true, true) == Hit);
    }

    /// <summary>Puts other diagrams in the place of hits and misses.</summary>
    private int Put(int function, int hit, int miss) =>
        hit == Hit && miss == Miss ? function : DiagramStore.IsEnd(function) ? (function == Hit ? hit : miss) : store.Bind(function, outcome => outcome == DiagramStore.OutcomeOf(Hit) ? hit : miss);

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
            with.Add(piece.IsKnown ? Piece.Of([.. piece.Known.Select((one, index) => FieldIntervals.Bits(operand, at + index, one))]) : piece);
            at += piece.Length;
        }

        return with.MoveToImmutable();
    }

    /// <summary>Whether each piece that the sender chooses begins its dimension and is asked for by leading bits alone.</summary>
    private static bool IsPlain(Operand operand, ImmutableArray<Piece> pieces)
    {
        int at = 0;
        foreach (Piece piece in pieces)
        {
            if (piece.IsDimension && (piece.Skip > 0 || piece.Fixed is not null || FieldIntervals.Leading(operand.Mask, at, piece.Length) is null || !FieldIntervals.IsZero(operand.Xor, at, piece.Length)))
            {
                return false;
            }

            at += piece.Length;
        }

        return true;
    }

    private int Union(int rank, List<(ulong First, ulong Last)> intervals, int hit, int miss)
    {
        if (hit == miss)
        {
            return hit;
        }

        if (arrival.Ports is { } asked && rank == layout.RankOf(PacketDimension.DestinationPort) && AskedPorts.Agree(asked, intervals) is bool holds)
        {
            return holds ? hit : miss;
        }

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

    /// <summary>Whether the port for which it is asked is the one that the packet was sent to.</summary>
    private static bool IsAsSent(PacketState state) => state is { Port: null, Changed.IsEmpty: true };

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

        int bits = Math.Min(FieldIntervals.Leading(mask, at, piece.Length)!.Value, length * 8);
        bool isThere = FieldIntervals.Units(range.First, range.Last, at, length, bits, out ulong low, out ulong high, out bool isLowMet, out bool isHighMet);
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
            rest = Ranges(destination, addresses, new PacketState(), AddressTypes.Has(types, type) ? hit : miss, rest)!.Value;
        }

        return rest;
    }

    private static string KeyText(ImmutableArray<Operand> key) => string.Join(" . ", key.Select(FieldText.Of));
}
