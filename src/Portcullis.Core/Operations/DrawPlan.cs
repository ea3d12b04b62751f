using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Edges;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Planning;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis plan</c>: from the facts and the policy to the steps that make the one like the other. Nothing is changed.</summary>
public static class DrawPlan
{
    private const string NoFirewall = "PC6002";
    private const string IdleFirewall = "PC6003";

    /// <summary>The plan.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">What the machine is for.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    /// <param name="rehearsal">Where the new rules are loaded first: a namespace that is thrown away.</param>
    /// <param name="session">The way by which the user has come; null where it is none over the network.</param>
    public static Plan Of(Snapshot snapshot, HostPolicy policy, RoleCatalogue catalogue, IGivenRules rehearsal, RemoteSession? session)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(rehearsal);
        Assessment assessment = Judge.Of(snapshot, policy, catalogue);
        ImmutableArray<Opening> openings = Openings.Of(policy, catalogue.Find(Role.Base), assessment.Listeners, snapshot.TakenAt);
        string script = OwnTable.Script(openings, policy);
        RulesInQuestion before = RulesInQuestion.InForce(snapshot);
        GivenRules rehearsed = rehearsal.Read([new RulesetScript(ScriptFormat.Nft, script)], "the new rules", "/", RulesInQuestion.InterfacesOf(snapshot));
        RulesInQuestion after = Joined(before, rehearsed);
        ReachInquiry all = new(null, null, null);
        ReachDifference difference = WhoReaches.Difference(snapshot, before, after, all, policy);
        ReachReport reached = WhoReaches.Of(snapshot, after, all, policy);
        string? cutOff = CutOff(snapshot, after, session, policy);
        bool isThere = before.Ruleset?.Tables.Any(OwnTable.Is) == true;
        bool isDone = isThere && difference is { Complete: true, Changes.IsEmpty: true } && Present(before.Ruleset) == Present(rehearsed.Ruleset);
        ImmutableArray<PlanStep> steps = isDone ? [] : [Step(assessment, openings, script, isThere, difference)];
        return new Plan
        {
            Id = Id(script, before.Ruleset, steps),
            Policy = policy.Source,
            Steps = steps,
            Difference = difference,
            After = reached,
            Refused = rehearsed.Refusal is string refusal ? $"the new rules cannot be loaded: {refusal}"
                : after.Ruleset is null ? "the rules in force could not be read, so that nothing is known of what the new ones would do beside them (see below)"
                : cutOff,
            IsCutOff = rehearsed.Refusal is null && cutOff is not null,
            Gaps = [.. snapshot.Gaps.Union(difference.Gaps).Union(reached.Gaps), .. PassedOn(reached)],
        };
    }

    /// <summary>The rules in force with the new table in the place of an older one of ours.</summary>
    private static RulesInQuestion Joined(RulesInQuestion before, GivenRules rehearsed) => before.Ruleset is Ruleset old && rehearsed.Ruleset is Ruleset next
        ? before with { Ruleset = old with { Tables = [.. old.Tables.Where(static table => !OwnTable.Is(table)), .. next.Tables] } }
        : before with { Ruleset = null };

    private static PlanStep Step(Assessment assessment, ImmutableArray<Opening> openings, string script, bool isThere, ReachDifference difference)
    {
        HashSet<string> closed = [.. assessment.Listeners.Where(static one => one is { Namespace: NetworkNamespace.HostName, Expected: false, Scope: > Scope.Loopback }).Select(static one => one.Key)];
        string opened = openings.IsEmpty ? "nothing" : string.Join(", ", openings.Select(static one => one.Name).Distinct(StringComparer.Ordinal));
        return new PlanStep
        {
            Id = 1,
            Kind = StepKind.Firewall,
            Subject = $"nftables table inet {OwnTable.Name}",
            Why = [.. assessment.Findings.Where(one => closed.Contains(one.Subject) || one.Id is NoFirewall or IdleFirewall).Select(static one => one.Id).Distinct().Order(StringComparer.Ordinal)],
            Effect = $"this host lets in {opened}, each from its zones, answers to what it asked itself, and what networks need (ICMP, neighbour discovery); nothing else that comes to it. Other tables stay as they are",
            Undo = isThere ? "the table is loaded again as it is now" : "the table is deleted; there is none now",
            Risk = difference.Changes.Any(static change => change.Closes) ? StepRisk.Medium : StepRisk.Low,
            Script = script,
        };
    }

    /// <summary>The same for a script that is loaded in the place of our own table, such as one that undoes a change.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="script">The script.</param>
    /// <param name="rehearsal">Where it is loaded first.</param>
    /// <param name="session">The way by which the user has come; null where it is none over the network.</param>
    public static string? CutOff(Snapshot snapshot, string script, IGivenRules rehearsal, RemoteSession? session)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(rehearsal);
        GivenRules rehearsed = rehearsal.Read([new RulesetScript(ScriptFormat.Nft, script)], "the earlier rules", "/", RulesInQuestion.InterfacesOf(snapshot));
        RulesInQuestion after = Joined(RulesInQuestion.InForce(snapshot), rehearsed);
        return rehearsed.Refusal is string refusal ? $"the earlier rules cannot be loaded: {refusal}"
            : after.Ruleset is null ? "the rules in force could not be read"
            : CutOff(snapshot, after, session, null);
    }

    /// <summary>Why the user would be locked out; null where a new connection over the present way gets in.</summary>
    private static string? CutOff(Snapshot snapshot, RulesInQuestion after, RemoteSession? session, HostPolicy? policy)
    {
        if (session is not RemoteSession way || after.Ruleset is null)
        {
            return null;
        }

        ReachReport report = WhoReaches.Of(snapshot, after, new ReachInquiry([(way.Port, Protocol.Tcp)], way.Peer, null), policy);
        return !report.Answers.IsEmpty && report.Answers.All(static answer => answer.Verdict == ReachVerdict.Reachable) ? null
            : string.Create(CultureInfo.InvariantCulture, $"you have come from {way.Peer} to port {way.Port}, and a new connection from there would not surely get in: allow it in the policy (zones and roles: ssh-admin), then plan again");
    }

    /// <summary>What comes to others through this host is not closed by these rules, and is told.</summary>
    private static IEnumerable<Gap> PassedOn(ReachReport reached)
    {
        string[] targets = [.. reached.Answers.Where(static answer => answer.Verdict != ReachVerdict.Blocked && IsElsewhere(answer.To)).Select(static answer => answer.To).Distinct(StringComparer.Ordinal)];
        return targets.Length == 0 ? [] : [new Gap($"what is passed on to {string.Join(", ", targets.Take(3))}{(targets.Length > 3 ? " and others" : "")}", "these steps close what comes to this host itself", "publish it on 127.0.0.1, or deny it where passed-on packets go (portcullis audit says how)")];
    }

    /// <summary>Whether a translated target is meant, "172.17.0.2:80 (container web)".</summary>
    private static bool IsElsewhere(string to) => to.Contains("]:", StringComparison.Ordinal) || (to.Contains('.', StringComparison.Ordinal) && to.Contains(':', StringComparison.Ordinal));

    /// <summary>All that our own table does.</summary>
    private static string Present(Ruleset? ruleset) => string.Join('\n', ruleset?.Tables.Where(OwnTable.Is).Select(TableText.Of) ?? []);

    /// <summary>The same for the same script on the same table: a saved plan is told from one that no longer fits by it.</summary>
    private static string Id(string script, Ruleset? before, ImmutableArray<PlanStep> steps)
    {
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{steps.Length}\n{Present(before)}\n{script}"))))[..12];
    }
}
