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

    /// <summary>A region by a way in.</summary>
    private sealed record Row(string Entrance, ReachRegion Region);

    /// <summary>What all packets of an answer have in common.</summary>
    private sealed record Fate(ReachVerdict Verdict, string? By, string DependsOn, string To);

    /// <summary>The answers for one version and protocol.</summary>
    /// <param name="version">The version.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="fates">The regions of each interface that was asked about.</param>
    /// <param name="own">How many addresses the host has of the version.</param>
    internal static IEnumerable<ReachAnswer> Of(IpVersion version, Protocol protocol, IReadOnlyList<Reaching.Fate> fates, int own)
    {
        int entrances = fates.Select(fate => fate.Entrance.Name).Distinct(StringComparer.Ordinal).Count();
        List<(Fate Fate, string From, string Entrance, string Destination, (int First, int Last) Ports)> rows = [];
        foreach (IGrouping<(string, (int, int), AddressBox, Fate), Reaching.Fate> same in fates.GroupBy(fate => (fate.Entrance.Name, fate.Region.Ports, fate.Region.Destinations, FateOf(fate.Region))))
        {
            (string entrance, (int, int) ports, AddressBox destination, Fate fate) = same.Key;
            rows.Add((fate, From(same.Select(one => one.Region)), entrance, destination.ToString(), ports));
        }

        // First all addresses of the host, then all interfaces, then neighbouring ports: what makes no difference is not told.
        var byAddress = rows.GroupBy(row => (row.Fate, row.From, row.Entrance, row.Ports))
            .SelectMany(same => Fold(same.Select(row => row.Destination), own).Select(to => (same.Key.Fate, same.Key.From, same.Key.Entrance, same.Key.Ports, To: to)));
        var byEntrance = byAddress.GroupBy(row => (row.Fate, row.From, row.Ports, row.To))
            .SelectMany(same => Fold(same.Select(row => row.Entrance), entrances).Select(entrance => (same.Key.Fate, same.Key.From, same.Key.Ports, same.Key.To, Entrance: entrance)));
        return byEntrance.GroupBy(row => (row.Fate, row.From, row.To, row.Entrance)).Select(same => new ReachAnswer
        {
            Version = version,
            Protocol = protocol,
            Ports = Merged(same.Select(row => row.Ports)),
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
    private static string?[] Fold(IEnumerable<string> values, int all)
    {
        string?[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        return distinct.Length >= all ? [null] : distinct;
    }

    private static string From(IEnumerable<ReachRegion> regions)
    {
        IEnumerable<string> texts = regions.GroupBy(region => region.SourcePorts).OrderBy(same => same.Key).Select(same =>
        {
            IReadOnlyList<AddressBox> boxes = AddressBoxes.Merged(same.Select(region => region.Sources));
            string sources = boxes is [{ IsAll: true }] ? "any"
                : string.Join(", ", boxes.Take(MostBoxes)) + (boxes.Count > MostBoxes ? string.Create(CultureInfo.InvariantCulture, $" and {boxes.Count - MostBoxes} more ranges") : "");
            return same.Key is (0, 65535) ? sources
                : string.Create(CultureInfo.InvariantCulture, $"{sources} from source port{(same.Key.First == same.Key.Last ? $" {same.Key.First}" : $"s {same.Key.First}-{same.Key.Last}")}");
        });
        return string.Join("; ", texts.Distinct(StringComparer.Ordinal));
    }

    private static ImmutableArray<(int First, int Last)> Merged(IEnumerable<(int First, int Last)> ports)
    {
        List<(int First, int Last)> merged = [];
        foreach ((int first, int last) in ports.Distinct().Order())
        {
            if (merged.Count > 0 && merged[^1].Last >= first - 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return [.. merged];
    }
}
