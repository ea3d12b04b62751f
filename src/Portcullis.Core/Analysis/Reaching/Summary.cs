using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Says in one line how the packets of a zone fare.</summary>
internal static class Summary
{
    /// <summary>What keeps a zone out where the host has no address that could be asked. It is no rule: the next router advertisement may bring one.</summary>
    internal const string NoAddress = "no address that it could ask";

    private const int MostParts = 3;

    /// <summary>The exposure to a zone. Where none of its packets can come at all, it is blocked by nobody.</summary>
    internal static Exposure Of(string zone, List<Fate> fates)
    {
        ReachVerdict verdict = fates.Count == 0 ? ReachVerdict.Blocked : fates.Max(fate => fate.Region.Verdict);
        Fate[] telling = [.. fates.Where(fate => fate.Region.Verdict == verdict)];
        return new Exposure(
            zone,
            verdict,
            telling.Length == fates.Count ? null : Part(telling, fates),
            telling.Select(fate => fate.Region.By?.ToString()).FirstOrDefault(by => by is not null) ?? (fates.Count == 0 ? NoAddress : null),
            verdict is ReachVerdict.Conditional or ReachVerdict.Unknown ? [.. telling.SelectMany(fate => fate.Region.DependsOn).Distinct(StringComparer.Ordinal).Take(8)] : []);
    }

    /// <summary>Which of the packets it are: "10.0.0.0/8 by eth1", "over IPv4", "from source port 53".</summary>
    private static string Part(Fate[] telling, List<Fate> all)
    {
        List<string> parts = [];
        foreach (IGrouping<(IpVersion Version, string Entrance), Fate> same in telling.GroupBy(fate => (fate.Region.Sources.Version, fate.Entrance.Name)))
        {
            Fate[] others = [.. all.Where(fate => fate.Region.Sources.Version == same.Key.Version && fate.Entrance.Name == same.Key.Entrance)];
            string what = others.Length == same.Count() ? "" : Sources([.. same]);
            string over = all.Exists(fate => fate.Region.Sources.Version != same.Key.Version) && !telling.Any(fate => fate.Region.Sources.Version != same.Key.Version)
                ? $"over {(same.Key.Version == IpVersion.V4 ? "IPv4" : "IPv6")}" : "";
            string by = all.Exists(fate => fate.Entrance.Name != same.Key.Entrance) ? $"by {same.Key.Entrance}" : "";
            parts.Add(string.Join(' ', new[] { what, over, by }.Where(text => text.Length > 0)));
        }

        string[] told = [.. parts.Where(part => part.Length > 0).Distinct(StringComparer.Ordinal)];
        return told.Length == 0 ? "some of it" : string.Join("; ", told.Take(MostParts)) + (told.Length > MostParts ? "; and more" : "");
    }

    private static string Sources(Fate[] fates)
    {
        (int First, int Last)[] ports = [.. fates.Select(fate => fate.Region.SourcePorts).Distinct()];
        string from = AddressBoxes.TextOf(AddressBoxes.Merged(fates.Select(fate => fate.Region.Sources)), MostParts);
        return ports is [(0, 65535)] ? from
            : string.Create(CultureInfo.InvariantCulture, $"{from} from source port {(ports[0].First == ports[0].Last ? $"{ports[0].First}" : $"{ports[0].First}-{ports[0].Last}")}");
    }
}
