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
        return report with { Answers = new TargetNames(snapshot).In(report.Answers), Gaps = [.. gaps, .. report.Gaps] };
    }

    /// <summary>One packet for each way in which those of an inquiry fare, and its walk through the rules; none where these are not known.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="inquiry">What is asked; it names ports.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ImmutableArray<Witness> Walks(Snapshot snapshot, ReachInquiry inquiry, HostPolicy? policy) =>
        HostRules.Of(snapshot) is { Network: NetworkNamespace host, Ruleset: Ruleset ruleset } ? ReachTable.Witnesses(host, ruleset, inquiry, policy) : [];
}
