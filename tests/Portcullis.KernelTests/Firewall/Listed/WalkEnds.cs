using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>All the ends that a packet may come to, one for each way in which what it alone does not tell may turn out.</summary>
internal static class WalkEnds
{
    internal const string Unknown = "unknown";
    private const int MostWalks = 64;

    /// <summary>The ends, as verdict and place; null where there are too many ways.</summary>
    internal static SortedSet<string>? Of(Ruleset ruleset, Arrival arrival, FirstPacket packet)
    {
        SortedSet<string> ends = new(StringComparer.Ordinal);
        List<bool> answers = [];
        for (int walks = 0; walks < MostWalks; walks++)
        {
            int asked = 0;
            ends.Add(Text(PacketWalk.Of(ruleset, arrival, packet, (_, _) =>
            {
                if (asked == answers.Count)
                {
                    answers.Add(false);
                }

                return answers[asked++];
            })));
            answers.RemoveRange(asked, answers.Count - asked);
            while (answers is [.., true])
            {
                answers.RemoveAt(answers.Count - 1);
            }

            if (answers.Count == 0)
            {
                return ends;
            }

            answers[^1] = true;
        }

        return null;
    }

    private static string Text(WalkResult end) => end.Verdict == WalkVerdict.Unknown ? Unknown
        : end.By is not RulePlace by ? $"{end.Verdict} by nobody{Changes(end)}"
        : string.Create(CultureInfo.InvariantCulture, $"{end.Verdict} by {by.Table.Family} {by.Table.Name} {by.Chain.Name} {(by.Rule is FirewallRule rule ? $"handle {rule.Handle}" : "policy")}{Changes(end)}");

    /// <summary>What became of marks, fields and addresses, but for maps, which have other names in one reading than in the other.</summary>
    private static string Changes(WalkResult end) => string.Concat(end.Events.Select(one => one.Did)
        .Where(did => did == "notrack" || (did.Contains("mark becomes ", StringComparison.Ordinal) && !did.EndsWith("foreseen", StringComparison.Ordinal)) || (Translations.Any(word => did.StartsWith(word, StringComparison.Ordinal)) && !did.AsSpan().ContainsAny('@', '_', '{')))
        .Select(did => ", " + did));

    private static readonly string[] Translations = ["dnat", "snat", "redirect", "masquerade", "tproxy"];
}
