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
    private sealed record Line(Fate Fate, string From, string? Entrance, string? To, int First, int Last);

    /// <summary>The answers for one version and protocol.</summary>
    /// <param name="version">The version.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="fates">The regions of each interface that was asked about.</param>
    /// <param name="own">How many addresses the host has of the version.</param>
    internal static IEnumerable<ReachAnswer> Of(IpVersion version, Protocol protocol, IReadOnlyList<Reaching.Fate> fates, int own)
    {
        int entrances = fates.Select(fate => fate.Entrance.Name).Distinct(StringComparer.Ordinal).Count();
        List<Line> lines = [];
        foreach (IGrouping<Line, Reaching.Fate> same in fates.GroupBy(fate =>
            new Line(FateOf(fate.Region), "", fate.Entrance.Name, fate.Region.Destinations.ToString(), fate.Region.Ports.First, fate.Region.Ports.Last)))
        {
            lines.Add(same.Key with { From = From(same.Select(one => one.Region)) });
        }

        // First all addresses of the host, then all interfaces, then neighbouring ports: what makes no difference is not told.
        IEnumerable<Line> byAddress = lines.GroupBy(line => line with { To = null }).SelectMany(same => Fold(same.Select(line => line.To), own).Select(to => same.Key with { To = to }));
        IEnumerable<Line> byEntrance = byAddress.GroupBy(line => line with { Entrance = null }).SelectMany(same => Fold(same.Select(line => line.Entrance), entrances).Select(one => same.Key with { Entrance = one }));
        return byEntrance.GroupBy(line => line with { First = 0, Last = 0 }).Select(same => new ReachAnswer
        {
            Version = version,
            Protocol = protocol,
            Ports = Merged(same),
            From = same.Key.From,
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

    private static string From(IEnumerable<ReachRegion> regions)
    {
        List<ReachRegion> sorted = [.. regions];
        sorted.Sort(static (left, right) => left.SourcePorts.CompareTo(right.SourcePorts));
        List<string> texts = [];
        for (int at = 0; at < sorted.Count;)
        {
            (int First, int Last) ports = sorted[at].SourcePorts;
            List<AddressBox> sources = [];
            for (; at < sorted.Count && sorted[at].SourcePorts == ports; at++)
            {
                sources.Add(sorted[at].Sources);
            }

            Add(texts, TextOf(AddressBoxes.Merged(sources), ports));
        }

        return string.Join("; ", texts);
    }

    private static string TextOf(IReadOnlyList<AddressBox> boxes, (int First, int Last) ports)
    {
        string sources = AddressBoxes.TextOf(boxes, MostBoxes);
        return ports is (0, 65535) ? sources
            : string.Create(CultureInfo.InvariantCulture, $"{sources} from source port{(ports.First == ports.Last ? $" {ports.First}" : $"s {ports.First}-{ports.Last}")}");
    }

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
