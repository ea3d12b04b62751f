using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Puts regions that fare alike together, so that an answer is as wide as it can be.</summary>
internal static class AnswerTable
{
    private const int MostBoxes = 8;

    /// <summary>What all packets of an answer have in common.</summary>
    private sealed record Fate(ReachVerdict Verdict, string? By, string DependsOn, string To);

    /// <summary>Packets that fare alike; null for every interface and for every address of the host.</summary>
    private sealed record Line(Fate Fate, string From, string FromInShort, string? Entrance, string? To, int First, int Last);

    /// <summary>The answers for one version and protocol.</summary>
    /// <param name="asked">How all packets fare that were asked about.</param>
    /// <param name="fates">Those of them that are told.</param>
    /// <param name="zone">The zone that they come from; null where none was named.</param>
    internal static IEnumerable<ReachAnswer> Of(FateList asked, IReadOnlyList<Reaching.Fate> fates, string? zone)
    {
        int own = asked.Addresses;
        int entrances = fates.Select(fate => fate.Entrance.Name).Distinct(StringComparer.Ordinal).Count();
        Dictionary<string, IReadOnlyList<AddressBox>> whole = new(StringComparer.Ordinal);
        List<Line> lines = [];
        foreach (IGrouping<Line, Reaching.Fate> same in fates.GroupBy(fate =>
            new Line(FateOf(fate.Region), "", "", fate.Entrance.Name, fate.Region.Destinations.ToString(), fate.Region.Ports.First, fate.Region.Ports.Last)))
        {
            string entrance = same.Key.Entrance!;
            if (zone is not null && !whole.ContainsKey(entrance))
            {
                whole[entrance] = AddressBoxes.Merged(asked.Fates.Where(fate => fate.Entrance.Name == entrance).Select(fate => fate.Region.Sources));
            }

            (string from, string inShort) = From(same.Select(one => one.Region), zone, whole.GetValueOrDefault(entrance));
            lines.Add(same.Key with { From = from, FromInShort = inShort });
        }

        // First all addresses of the host, then all interfaces, then neighbouring ports: what makes no difference is not told.
        IEnumerable<Line> byAddress = lines.GroupBy(line => line with { To = null }).SelectMany(same => Fold(same.Select(line => line.To), own).Select(to => same.Key with { To = to }));
        IEnumerable<Line> byEntrance = byAddress.GroupBy(line => line with { Entrance = null }).SelectMany(same => Fold(same.Select(line => line.Entrance), entrances).Select(one => same.Key with { Entrance = one }));
        return byEntrance.GroupBy(line => line with { First = 0, Last = 0 }).Select(same => new ReachAnswer
        {
            Version = asked.Version,
            Protocol = asked.Protocol,
            Ports = Merged(same),
            From = same.Key.From,
            FromInShort = same.Key.FromInShort,
            Interface = same.Key.Entrance,
            To = same.Key.Fate.To.Length > 0 ? same.Key.Fate.To : same.Key.To ?? "host",
            Verdict = same.Key.Fate.Verdict,
            By = same.Key.Fate.By,
            DependsOn = same.Key.Fate.DependsOn.Length == 0 ? [] : [.. same.Key.Fate.DependsOn.Split('\n')],
        });
    }

    private static Fate FateOf(ReachRegion region) => new(region.Verdict, region.By?.ToString(), string.Join('\n', region.DependsOn), region.To ?? "");

    /// <summary>Null where they are all there are; else each.</summary>
    private static string?[] Fold(IEnumerable<string?> values, int all)
    {
        string?[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        return distinct.Length >= all ? [null] : distinct;
    }

    /// <summary>The sources, and the same in few words: by the name of the zone where they are all of it that may come that way.</summary>
    private static (string All, string InShort) From(IEnumerable<ReachRegion> regions, string? zone, IReadOnlyList<AddressBox>? whole)
    {
        List<ReachRegion> sorted = [.. regions];
        sorted.Sort(static (left, right) => left.SourcePorts.CompareTo(right.SourcePorts));
        List<string> texts = [];
        List<string> inShort = [];
        for (int at = 0; at < sorted.Count;)
        {
            (int First, int Last) ports = sorted[at].SourcePorts;
            List<AddressBox> sources = [];
            for (; at < sorted.Count && sorted[at].SourcePorts == ports; at++)
            {
                sources.Add(sorted[at].Sources);
            }

            IReadOnlyList<AddressBox> merged = AddressBoxes.Merged(sources);
            Add(texts, WithPorts(merged is [{ IsAll: true }] ? AddressBoxes.Any : string.Join(", ", merged), ports));
            Add(inShort, WithPorts(zone is not null && whole?.SequenceEqual(merged) == true ? zone : AddressBoxes.TextOf(merged, MostBoxes), ports));
        }

        return (string.Join("; ", texts), string.Join("; ", inShort));
    }

    private static string WithPorts(string sources, (int First, int Last) ports) => ports is (0, 65535) ? sources
        : string.Create(CultureInfo.InvariantCulture, $"{sources} from source port{(ports.First == ports.Last ? $" {ports.First}" : $"s {ports.First}-{ports.Last}")}");

    private static void Add(List<string> texts, string text)
    {
        if (!texts.Contains(text))
        {
            texts.Add(text);
        }
    }

    private static ImmutableArray<(int First, int Last)> Merged(IEnumerable<Line> lines)
    {
        List<Line> sorted = [.. lines];
        sorted.Sort(static (left, right) => left.First != right.First ? left.First.CompareTo(right.First) : left.Last.CompareTo(right.Last));
        ImmutableArray<(int First, int Last)>.Builder merged = ImmutableArray.CreateBuilder<(int First, int Last)>();
        foreach (Line line in sorted)
        {
            if (merged.Count > 0 && merged[^1].Last >= line.First - 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, line.Last));
            }
            else
            {
                merged.Add((line.First, line.Last));
            }
        }

        return merged.ToImmutable();
    }
}
