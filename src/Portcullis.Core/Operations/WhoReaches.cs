using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary>Tells who can reach what on a host, by its firewall's rules alone.</summary>
public static class WhoReaches
{
    /// <summary>The answers, and of what was not seen all that bears on them.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="rules">The rules, in force or not.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachReport Of(Snapshot snapshot, RulesInQuestion rules, ReachInquiry inquiry, HostPolicy? policy)
    {
        if (rules is not { Host: NetworkNamespace host, Ruleset: Ruleset ruleset })
        {
            return new ReachReport([], rules.Gaps);
        }

        ReachReport report = ReachTable.Of(host, ruleset, inquiry, policy);
        return new ReachReport(
            new TargetNames(snapshot).In([.. report.Answers.Where(answer => answer.Version != rules.Untold)]),
            [
                .. rules.Gaps, .. report.Gaps,
                .. report.Answers.IsEmpty ? [new Gap("who reaches what", "no interface that is up has an address to which such packets could come", "judge with the facts of another machine: --snapshot FILE")] : ImmutableArray<Gap>.Empty,
                .. GapOf(rules.Untold, inquiry),
            ]);
    }

    /// <summary>One packet for each way in which those of an inquiry fare, and its walk through the rules; none where these are not known.</summary>
    /// <param name="rules">The rules, in force or not.</param>
    /// <param name="inquiry">What is asked; it names ports.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ImmutableArray<Witness> Walks(RulesInQuestion rules, ReachInquiry inquiry, HostPolicy? policy) =>
        rules is { Host: NetworkNamespace host, Ruleset: Ruleset ruleset }
            ? [.. ReachTable.Witnesses(host, ruleset, inquiry, policy).Where(witness => witness.Source.Version != rules.Untold)]
            : [];

    /// <summary>What packets other rules would let in or keep out, beside those that they let in and keep out alike.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="old">The rules before.</param>
    /// <param name="next">The rules after.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachDifference Difference(Snapshot snapshot, RulesInQuestion old, RulesInQuestion next, ReachInquiry inquiry, HostPolicy? policy)
    {
        ImmutableArray<Gap> gaps = [.. old.Gaps.Union(next.Gaps), .. GapOf(old.Untold, inquiry).Union(GapOf(next.Untold, inquiry))];
        if (old is not { Host: NetworkNamespace host, Ruleset: Ruleset before } || next.Ruleset is not Ruleset after)
        {
            return new ReachDifference([], gaps);
        }

        ReachDifference difference = ReachChanges.Of(host, before, after, inquiry, policy);
        TargetNames names = new(snapshot);
        return new ReachDifference(
            [.. difference.Changes.Where(change => change.Is.Version != old.Untold && change.Is.Version != next.Untold).Select(change => change with { Is = names.In([change.Is])[0] })],
            [.. gaps.Union(difference.Gaps)]);
    }

    private static ImmutableArray<Gap> GapOf(IpVersion? untold, ReachInquiry inquiry) => untold is IpVersion version && (inquiry.From is null || inquiry.From?.Version == version)
        ? [new Gap($"firewall rules for {(version == IpVersion.V6 ? "IPv6" : "IPv4")}", "this ruleset does not tell them", $"add what {(version == IpVersion.V6 ? "ip6tables-save" : "iptables-save")} prints behind it")]
        : [];
}
