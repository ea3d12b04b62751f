using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Takes a function of packets apart into regions that fare alike.</summary>
/// <param name="store">The diagrams.</param>
/// <param name="layout">The order of their dimensions.</param>
/// <param name="ledger">What their ends mean.</param>
/// <param name="version">The IP version of the packets.</param>
/// <param name="excluded">The end of packets that are not asked about.</param>
/// <param name="blindSpots">What else decides about all of them (<see cref="BlindSpots"/>).</param>
internal sealed class RegionWalk(DiagramStore store, Layout layout, Ledger ledger, IpVersion version, int excluded, ImmutableArray<string> blindSpots)
{
    private static readonly int Count = Enum.GetValues<PacketDimension>().Length;

    private readonly Dictionary<int, Ending?> _endings = [];
    private readonly (ulong First, ulong Last)[] _box = new (ulong, ulong)[Count];

    /// <summary>What becomes of the packets of one region.</summary>
    private sealed record Ending(ReachVerdict Verdict, bool? IsRejected, RulePlace? By, ImmutableArray<string> DependsOn, ImmutableArray<string> NotUnderstood, string? To);

    /// <summary>The regions, those that are excluded left out.</summary>
    /// <param name="function">The function.</param>
    /// <param name="port">The one destination port that is asked about; null for all.</param>
    internal IEnumerable<ReachRegion> Of(int function, int? port)
    {
        Array.Fill(_box, (0UL, ulong.MaxValue));
        return Walk(function, port);
    }

    /// <summary>Adds the last port of each run of destination ports that the function tells apart from the next.</summary>
    internal void AddPorts(int function, ISet<int> lasts)
    {
        HashSet<int> done = [];
        Stack<int> left = new([function]);
        while (left.TryPop(out int diagram))
        {
            if (DiagramStore.IsEnd(diagram) || store.DimensionOf(diagram) >= Count || !done.Add(diagram))
            {
                continue;
            }

            foreach (ulong last in store.DimensionOf(diagram) == layout.RankOf(PacketDimension.DestinationPort) ? store.LastsOf(diagram) : [])
            {
                lasts.Add((int)Math.Min(last, 65535));
            }

            foreach (int child in store.ChildrenOf(diagram))
            {
                left.Push(child);
            }
        }
    }

    /// <summary>The region of one packet; null for one that is excluded.</summary>
    /// <param name="diagram">The function.</param>
    /// <param name="packet">The packet's value of a dimension.</param>
    internal ReachRegion? At(int diagram, Func<PacketDimension, ulong> packet)
    {
        PacketDimension[] dimensions = new PacketDimension[Count];
        foreach (PacketDimension dimension in Enum.GetValues<PacketDimension>())
        {
            dimensions[layout.RankOf(dimension)] = dimension;
        }

        Array.Fill(_box, (0UL, ulong.MaxValue));
        while (!DiagramStore.IsEnd(diagram) && store.DimensionOf(diagram) < Count)
        {
            int rank = store.DimensionOf(diagram);
            ReadOnlySpan<ulong> lasts = store.LastsOf(diagram);
            int at = lasts.BinarySearch(packet(dimensions[rank]));
            at = at < 0 ? ~at : at;
            _box[rank] = (at == 0 ? 0 : lasts[at - 1] + 1, lasts[at]);
            diagram = store.ChildrenOf(diagram)[at];
        }

        return EndingOf(diagram) is Ending ending ? Region(ending) : null;
    }

    private IEnumerable<ReachRegion> Walk(int diagram, int? port)
    {
        if (DiagramStore.IsEnd(diagram) || store.DimensionOf(diagram) >= Count)
        {
            if (EndingOf(diagram) is Ending ending)
            {
                yield return Region(ending);
            }

            yield break;
        }

        int rank = store.DimensionOf(diagram);
        ulong[] lasts = store.LastsOf(diagram).ToArray();
        int[] children = store.ChildrenOf(diagram).ToArray();
        ulong first = 0;
        for (int at = 0; at < lasts.Length; at++)
        {
            if (port is int one && rank == layout.RankOf(PacketDimension.DestinationPort) && ((ulong)one < first || (ulong)one > lasts[at]))
            {
                first = lasts[at] + 1;
                continue;
            }

            _box[rank] = (first, lasts[at]);
            foreach (ReachRegion region in Walk(children[at], port))
            {
                yield return region;
            }

            first = lasts[at] + 1;
        }

        _box[rank] = (0, ulong.MaxValue);
    }

    private ReachRegion Region(Ending ending) => new()
    {
        Ports = Port(PacketDimension.DestinationPort),
        SourcePorts = Port(PacketDimension.SourcePort),
        Sources = Box(PacketDimension.SourceHigh, PacketDimension.SourceLow),
        Destinations = Box(PacketDimension.DestinationHigh, PacketDimension.DestinationLow),
        IcmpTypes = Byte(PacketDimension.IcmpType),
        IcmpCodes = Byte(PacketDimension.IcmpCode),
        Verdict = ending.Verdict,
        IsRejected = ending.IsRejected,
        By = ending.By,
        DependsOn = ending.DependsOn,
        NotUnderstood = ending.NotUnderstood,
        To = ending.To,
    };

    private (int First, int Last) Port(PacketDimension dimension)
    {
        (ulong first, ulong last) = _box[layout.RankOf(dimension)];
        return ((int)first, (int)Math.Min(last, 65535));
    }

    private (int First, int Last) Byte(PacketDimension dimension)
    {
        (ulong first, ulong last) = _box[layout.RankOf(dimension)];
        return ((int)first, (int)Math.Min(last, 255));
    }

    private AddressBox Box(PacketDimension high, PacketDimension low)
    {
        (ulong firstHigh, ulong lastHigh) = _box[layout.RankOf(high)];
        (ulong firstLow, ulong lastLow) = _box[layout.RankOf(low)];
        return version == IpVersion.V4 ? new AddressBox(version, 0, 0, firstLow, Math.Min(lastLow, uint.MaxValue)) : new AddressBox(version, firstHigh, lastHigh, firstLow, lastLow);
    }

    /// <summary>What an end says, or several that depend on what the packet does not tell; null for those that were not asked about.</summary>
    private Ending? EndingOf(int diagram)
    {
        if (_endings.TryGetValue(diagram, out Ending? known))
        {
            return known;
        }

        if (diagram == excluded)
        {
            return _endings[diagram] = null;
        }

        // What a plain SYN without extension headers gets through is reachable, however other first segments fare.
        bool isPlainOne = layout.RankOfFlags < 0 && !layout.AsksForAbsent;
        Ending? plain = EndingOf(diagram, isPlain: true);
        return _endings[diagram] = isPlainOne || plain?.Verdict == ReachVerdict.Reachable ? plain : EndingOf(diagram, isPlain: false);
    }

    private Ending? EndingOf(int diagram, bool isPlain)
    {
        HashSet<int> ends = [];
        SortedSet<int> asked = [];
        Gather(diagram, isPlain, ends, asked, []);
        ends.Remove(excluded);
        List<int> outcomes = [];
        foreach (int end in ends)
        {
            outcomes.Add(DiagramStore.OutcomeOf(end));
        }

        List<string> texts = [];
        foreach (int rank in asked)
        {
            texts.Add(layout.TextOf(rank));
        }

        return outcomes.Count == 0 ? null : Make(outcomes, texts);
    }

    /// <param name="outcomes">The numbers of the outcomes.</param>
    /// <param name="asked">What they depend on.</param>
    private Ending Make(List<int> outcomes, List<string> asked)
    {
        // Loops: queries over values are compiled anew in every run of the program.
        (int accepted, int rejected, int unknown) = (0, 0, 0);
        List<string> opaque = [];
        List<string> targets = [];
        foreach (int number in outcomes)
        {
            Outcome outcome = ledger.OutcomeOf(number);
            switch (outcome.Kind)
            {
                case OutcomeKind.Accept:
                    accepted++;
                    Add(targets, TargetOf(ledger.StateOf(outcome.State)));
                    break;
                case OutcomeKind.Reject:
                    rejected++;
                    break;
                case OutcomeKind.Unknown:
                    unknown++;
                    Add(opaque, ledger.PlaceOf(outcome.By)?.ToString() ?? "a translation that cannot be foreseen");
                    break;
            }
        }

        ReachVerdict byRules = accepted == outcomes.Count ? ReachVerdict.Reachable
            : accepted == 0 && unknown == 0 ? ReachVerdict.Blocked
            : accepted > 0 || asked.Count > 0 || ByOf(outcomes, OutcomeKind.Unknown) is not null ? ReachVerdict.Conditional
            : ReachVerdict.Unknown;
        ReachVerdict verdict = blindSpots.IsEmpty || byRules == ReachVerdict.Unknown ? byRules : ReachVerdict.Conditional;
        return new Ending(
            verdict,
            rejected == outcomes.Count ? true : rejected > 0 ? null : false,
            ByOf(outcomes, accepted > 0 ? OutcomeKind.Accept : unknown > 0 ? OutcomeKind.Unknown : null),
            verdict == ReachVerdict.Conditional ? [.. asked, .. opaque, .. blindSpots] : [],
            verdict is ReachVerdict.Conditional or ReachVerdict.Unknown ? [.. opaque] : [],
            targets.Count == 0 ? null : string.Join(" or ", targets));
    }

    private static void Add(List<string> texts, string? text)
    {
        if (text is not null && !texts.Contains(text))
        {
            texts.Add(text);
        }
    }

    /// <summary>Of several that let in or keep out, the first by number, which is the order in which the rules were met.</summary>
    private RulePlace? ByOf(List<int> outcomes, OutcomeKind? kind)
    {
        int first = int.MaxValue;
        foreach (int number in outcomes)
        {
            Outcome outcome = ledger.OutcomeOf(number);
            if ((kind is null || outcome.Kind == kind) && outcome.By < first && ledger.PlaceOf(outcome.By) is not null)
            {
                first = outcome.By;
            }
        }

        return first == int.MaxValue ? null : ledger.PlaceOf(first);
    }

    private static string? TargetOf(PacketState state) =>
        state.Address is null && state.Port is null ? null
        : state.Port is null ? state.Address!.Text
        : $"{(state.Address is null ? "port " : state.Address.Bytes.Length == 16 ? $"[{state.Address.Text}]:" : state.Address.Text + ":")}{state.Port.Text}";

    private void Gather(int diagram, bool isPlain, HashSet<int> ends, SortedSet<int> asked, HashSet<int> done)
    {
        if (DiagramStore.IsEnd(diagram))
        {
            ends.Add(diagram);
            return;
        }

        if (done.Add(diagram))
        {
            int rank = store.DimensionOf(diagram);
            if (isPlain && layout.IsAbsent(rank))
            {
                Gather(store.ChildrenOf(diagram)[0], isPlain, ends, asked, done);
                return;
            }

            if (isPlain && rank == layout.RankOfFlags)
            {
                ReadOnlySpan<ulong> lasts = store.LastsOf(diagram);
                int at = 0;
                while (lasts[at] < HeaderField.TcpSyn)
                {
                    at++;
                }

                Gather(store.ChildrenOf(diagram)[at], isPlain, ends, asked, done);
                return;
            }

            asked.Add(rank);
            foreach (int child in store.ChildrenOf(diagram).ToArray())
            {
                Gather(child, isPlain, ends, asked, done);
            }
        }
    }
}
