using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Compares how packets fare by two rulesets on one host.</summary>
internal static class ReachChanges
{
    private const long MostPairs = 200_000_000;

    /// <summary>The packets that fare otherwise.</summary>
    internal static ReachDifference Of(NetworkNamespace host, Ruleset before, Ruleset after, ReachInquiry inquiry, HostPolicy? policy)
    {
        List<ReachChange> changes = [];
        List<Gap> gaps = [];
        foreach ((FateList old, FateList next) in ReachTable.Fates(host, before, inquiry, policy, gaps).Zip(ReachTable.Fates(host, after, inquiry, policy, gaps)))
        {
            if ((long)old.Fates.Count * next.Fates.Count > MostPairs)
            {
                gaps.Add(new Gap("the difference of the rules", $"too complex to be worked out for {old.Protocol} over {old.Version}", "ask for one port"));
                continue;
            }

            changes.AddRange(Differing(old.Fates, next.Fates).GroupBy(pair => (pair.Was.Verdict, By: pair.Was.By?.ToString(), To: pair.Was.To ?? "host")).SelectMany(same =>
                AnswerTable.Of(next, [.. same.Select(pair => pair.Is)], inquiry.Zone).Select(answer => new ReachChange(same.Key.Verdict, same.Key.By, same.Key.To, answer))));
        }

        return new ReachDifference(
            [
                .. changes.OrderBy(change => change.Opens ? 0 : change.Closes ? 2 : 1).ThenByDescending(change => change.Is.Verdict).ThenBy(change => change.Is.Protocol)
                    .ThenBy(change => change.Is.Ports[0]).ThenBy(change => change.Is.Version).ThenBy(change => change.Is.From, StringComparer.Ordinal),
            ],
            [.. gaps.Distinct()]);
    }

    /// <summary>The parts that two lists of the same packets have different fates for; each list holds every packet once.</summary>
    private static IEnumerable<(ReachRegion Was, Fate Is)> Differing(List<Fate> old, List<Fate> next)
    {
        foreach (IGrouping<string, Fate> entrance in next.GroupBy(fate => fate.Entrance.Name, StringComparer.Ordinal))
        {
            Fate[] were = [.. old.Where(fate => fate.Entrance.Name == entrance.Key).OrderBy(fate => fate.Region.Ports.First)];
            foreach (Fate now in entrance)
            {
                foreach (Fate was in were.TakeWhile(fate => fate.Region.Ports.First <= now.Region.Ports.Last))
                {
                    bool isOther = was.Region.Verdict != now.Region.Verdict || (was.Region.To != now.Region.To && now.Region.Verdict != ReachVerdict.Blocked);
                    if (isOther && now.Region.And(was.Region) is ReachRegion both)
                    {
                        yield return (was.Region, now with { Region = both });
                    }
                }
            }
        }
    }
}
