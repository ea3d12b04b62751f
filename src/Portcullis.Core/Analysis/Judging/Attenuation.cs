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

        Exposure internet = listener.Exposure.First(one => one.Zone == Zone.Internet);
        // That no route leads there now is no protection; that rules keep the nearer zones out tells what they would do with it.
        Exposure[] nearer = [.. listener.Exposure.Where(one => one.Zone is not (Zone.Host or Zone.Internet) && one.By != Summary.NoRoute)];
        if (internet.By == Summary.NoRoute && (nearer.Length == 0 || nearer.Any(one => one.Verdict != ReachVerdict.Blocked)))
        {
            return finding;
        }

        if (internet.Verdict != ReachVerdict.Blocked)
        {
            return internet.Verdict == ReachVerdict.Unknown ? finding : finding with { Evidence = [.. finding.Evidence, Sentence(internet)] };
        }

        // From how far it could be reached by its address, and from how far it is.
        bool isNear = listener.Exposure.Any(one => one.Zone is not (Zone.Host or Zone.Internet) && one.Verdict != ReachVerdict.Blocked);
        int less = listener.Scope is Scope.Any or Scope.Address ? (isNear ? 1 : 2) : isNear ? 0 : 1;
        Exposure[] others = [.. listener.Exposure.Where(one => one.Zone is not (Zone.Host or Zone.Internet) && one.Verdict != ReachVerdict.Blocked)];
        return finding with
        {
            Severity = (Severity)Math.Max((int)finding.Severity - less, (int)Severity.Info),
            Evidence = [.. finding.Evidence, Sentence(internet), .. others.Select(Sentence)],
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
