using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary>Tells who can reach what on a host, by its firewall's rules alone.</summary>
public static class WhoReaches
{
    /// <summary>The answers, and of what was not seen all that bears on them.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachReport Of(Snapshot snapshot, ReachInquiry inquiry, HostPolicy? policy)
    {
        HostRules rules = HostRules.Of(snapshot);
        ImmutableArray<Gap> gaps = [.. snapshot.Gaps.Where(HostRules.IsAbout), .. rules.Gaps];
        if (rules is not { Network: NetworkNamespace host, Ruleset: Ruleset ruleset })
        {
            return new ReachReport([], gaps);
        }

        ReachReport report = ReachTable.Of(host, ruleset, inquiry, policy);
        return report with { Gaps = [.. gaps, .. report.Gaps] };
    }

    /// <summary>The host's interfaces, which a ruleset may name.</summary>
    public static ImmutableArray<NetworkInterface> InterfacesOf(Snapshot snapshot) =>
        snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName)?.Interfaces ?? [];

    /// <summary>The answers, had the host other rules than those in force.</summary>
    /// <param name="snapshot">The facts: interfaces, addresses and routes are taken from it, and its rules are left aside.</param>
    /// <param name="given">The rules.</param>
    /// <param name="scripts">What they were read from.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachReport ByRuleset(Snapshot snapshot, GivenRules given, ImmutableArray<RulesetScript> scripts, ReachInquiry inquiry, HostPolicy? policy)
    {
        if (given.Ruleset is not Ruleset wanted)
        {
            return new ReachReport([], [new Gap("firewall rules", given.Refusal ?? "not read", null)]);
        }

        HostRules rules = HostRules.Of(snapshot, wanted, given.Nameless);
        if (rules.Network is not NetworkNamespace host)
        {
            return new ReachReport([], rules.Gaps);
        }

        ReachReport report = ReachTable.Of(host, wanted, inquiry, policy);
        IpVersion? untold = Untold(scripts);
        bool isAsked = untold is not null && (inquiry.From is null || inquiry.From?.Version == untold);
        string missing = untold == IpVersion.V6 ? "ip6tables-save" : "iptables-save";
        return new ReachReport(
            [.. report.Answers.Where(answer => answer.Version != untold)],
            [
                .. rules.Gaps, .. report.Gaps,
                .. report.Answers.IsEmpty ? [new Gap("who reaches what", "no interface that is up has an address to which such packets could come", "judge with the facts of another machine: --snapshot FILE")] : ImmutableArray<Gap>.Empty,
                .. isAsked ? [new Gap($"firewall rules for {(untold == IpVersion.V6 ? "IPv6" : "IPv4")}", "this ruleset does not tell them", $"add what {missing} prints behind it")] : ImmutableArray<Gap>.Empty,
            ]);
    }

    /// <summary>A save of one iptables tells nothing of the other IP version, which has rules of its own; nft's listings tell both.</summary>
    private static IpVersion? Untold(ImmutableArray<RulesetScript> scripts) => scripts switch
    {
        [{ Format: ScriptFormat.Iptables }] => IpVersion.V6,
        [{ Format: ScriptFormat.Ip6tables }] => IpVersion.V4,
        _ => null,
    };
}
