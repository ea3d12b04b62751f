using System;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>
/// Lets the severity of what listens too widely follow who really gets there. What only the firewall keeps out stays a finding, one that
/// matters less: the rule may be lost, the port opens again.
/// </summary>
internal static class Attenuation
{
    private const string NotKeptOut = $"no rule keeps the zone {Zone.Internet} out";

    private static readonly string[] Kinds = ["PC1001", "PC2001", "PC2002", "PC2003", "PC2004", "PC2005", "PC3009"];

    /// <summary>The finding with the severity that the firewall leaves it.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="listener">The listener that it is about; null for another subject.</param>
    internal static Finding Of(Finding finding, Listener? listener)
    {
        if (listener is null || listener.Exposure.IsEmpty || !Kinds.Contains(finding.Id, StringComparer.Ordinal) || listener.Scope == Scope.Loopback)
        {
            return finding;
        }

        Exposure internet = listener.Exposure.First(static one => one.Zone == Zone.Internet);
        if (internet.Verdict == ReachVerdict.Unknown || (internet.Verdict == ReachVerdict.Blocked && internet.By == Summary.NoAddress))
        {
            return finding;
        }

        if (internet.Verdict != ReachVerdict.Blocked)
        {
            return finding with { Evidence = finding.Evidence.Add(internet is { By: null, Part: null, Verdict: ReachVerdict.Reachable } ? NotKeptOut : Sentence(internet)) };
        }

        // From how far it could be reached by its address, and from how far it is.
        Exposure[] near = [.. listener.Exposure.Where(static one => one.Zone is not (Zone.Host or Zone.Internet) && one.Verdict != ReachVerdict.Blocked)];
        int less = (listener.Scope is Scope.Any or Scope.Address ? 2 : 1) - (near.Length > 0 ? 1 : 0);
        return finding with
        {
            Severity = (Severity)Math.Max((int)finding.Severity - less, (int)Severity.Info),
            Evidence = [.. finding.Evidence, Sentence(internet), .. near.Select(Sentence)],
        };
    }

    private static string Sentence(Exposure exposure)
    {
        string by = exposure.By is string rule ? $" ({rule})" : "";
        string part = exposure.Part is string some ? $", in part: {some}" : "";
        return exposure.Verdict switch
        {
            ReachVerdict.Blocked => $"this host's firewall keeps the zone {exposure.Zone} out{by}",
            ReachVerdict.Reachable => exposure.By is null ? $"no rule keeps the zone {exposure.Zone} out{part}" : $"this host's firewall lets the zone {exposure.Zone} in{part}{by}",
            _ => $"whether the zone {exposure.Zone} gets in depends on: {string.Join(", ", exposure.DependsOn)}{by}",
        };
    }
}
