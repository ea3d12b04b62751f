using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Says whether both evaluators agree on a packet: the one for all packets at once, and the walk of that one.</summary>
internal static class Oracle
{
    private const int MostWalks = 256;

    /// <summary>What they disagree about; null where they agree.</summary>
    /// <param name="reach">What is said of all packets.</param>
    /// <param name="ruleset">The rules.</param>
    /// <param name="arrival">How the packet comes.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="isExact">Whether nothing in the rules is known to be answered with "it depends" though the packet tells it.</param>
    internal static string? Disagreement(Reach reach, Ruleset ruleset, Arrival arrival, Packet packet, bool isExact)
    {
        ReachRegion region = reach.At(packet.Source, packet.Destination, packet.SourcePort, packet.Port);
        List<WalkResult> walks = Walks(ruleset, arrival, packet, out bool areAll);
        bool isIn = walks.Any(walk => walk.Verdict == WalkVerdict.Accepted);
        bool isOut = walks.Any(walk => walk.Verdict is WalkVerdict.Dropped or WalkVerdict.Rejected);
        bool isUnknown = walks.Any(walk => walk.Verdict == WalkVerdict.Unknown);
        string? wrong = region.Verdict switch
        {
            ReachVerdict.Blocked when isIn || isUnknown => "said to be blocked",
            ReachVerdict.Reachable when (isOut || isUnknown) && packet.Flags == 2 => "said to be reachable",
            ReachVerdict.Conditional or ReachVerdict.Unknown when isExact && areAll && !isUnknown && isIn != isOut => "said to depend on something",
            ReachVerdict.Unknown when isIn || !isUnknown => "said to be unknown",
            _ => null,
        };
        if (wrong is null && isExact && areAll && region.Verdict is ReachVerdict.Blocked or ReachVerdict.Reachable)
        {
            // In a large function the policy that let packets in last stays named, though a rule did so before.
            wrong = !walks.Any(walk => walk.By?.ToString() == region.By?.ToString() || (region is { Verdict: ReachVerdict.Reachable, By.Rule: null } && walk.Events.Any(met => met.Place == region.By))) ? $"decided by {region.By?.ToString() ?? "nobody"}"
                : walks.Count == 1 && region.IsRejected is bool rejected && rejected != (walks[0].Verdict == WalkVerdict.Rejected) ? "rejected or not"
                : null;
        }

        return wrong is null ? null
            : $"{wrong}, {region.Verdict} by {region.By}, depends on [{string.Join("; ", region.DependsOn)}], to {region.To}\n{string.Join("\n", walks.Take(4).Select(Text))}";
    }

    /// <summary>A walk for each outcome of every chance that it meets.</summary>
    internal static List<WalkResult> Walks(Ruleset ruleset, Arrival arrival, Packet packet, out bool areAll)
    {
        List<WalkResult> walks = [];
        List<bool> choices = [];
        do
        {
            int at = 0;
            walks.Add(PacketWalk.Of(ruleset, arrival, packet.Headers, (_, _) =>
            {
                if (at == choices.Count)
                {
                    choices.Add(false);
                }

                return choices[at++];
            }));
            while (choices.Count > 0 && choices[^1])
            {
                choices.RemoveAt(choices.Count - 1);
            }

            areAll = choices.Count == 0;
            if (!areAll)
            {
                choices[^1] = true;
            }
        }
        while (!areAll && walks.Count < MostWalks);
        return walks;
    }

    internal static string Text(WalkResult walk) =>
        $"  {walk.Verdict} by {walk.By}\n{string.Join("\n", walk.Events.Select(one => $"    {one.Hook}: {one.Place}: {one.Did}"))}";
}
