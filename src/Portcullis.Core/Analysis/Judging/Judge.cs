using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Judges the facts of a machine: what it seems to be for, what is expected of it, and what is amiss.</summary>
public static class Judge
{
    private static readonly ImmutableArray<ICheck> Checks =
    [
        new Unneeded(), new MissingService(), new SpentException(), new WiderThanAllowed(),
        new ForgottenIpv6(), new NeedlesslyWide(), new SuspectExecutable(), new OutOfPlace(), new NeedlessRoot(), new DarkNamespace(), new PortlessSocket(),
        new StackDefences(), new SpoofedSources(), new Redirects(), new RouterAdvertisements(), new Forwarding(), new EphemeralPort(), new StoppedService(),
    ];

    /// <summary>The whole assessment. A function of its arguments alone: the time is the snapshot's.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">What the machine is for; null where nobody said.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    public static Assessment Of(Snapshot snapshot, HostPolicy? policy, RoleCatalogue catalogue)
    {
        ImmutableArray<Listener> listeners = ListenerTable.From(snapshot);
        Judgement judgement = new(snapshot, listeners, policy, catalogue);
        ImmutableArray<Finding> findings = [.. Checks.SelectMany(check => check.Find(judgement)).Select(finding => Acceptance.Of(finding, judgement)).OfType<Finding>()];
        Dictionary<string, ImmutableArray<string>> controls = findings.Select(finding => finding.Id).Distinct(StringComparer.Ordinal)
            .ToDictionary(id => id, id => FindingPage.Find(id)?.Controls ?? [], StringComparer.Ordinal);
        return new Assessment
        {
            TakenAt = snapshot.TakenAt,
            Host = snapshot.Host,
            Listeners = policy is null ? listeners : [.. listeners.Select(listener => WithExpectation(listener, judgement.ExpectationOf(listener)))],
            Findings =
            [
                .. findings
                    .DistinctBy(finding => (finding.Id, finding.Subject))
                    .Select(finding => finding with { Controls = controls[finding.Id] })
                    .OrderByDescending(finding => finding.Severity)
                    .ThenBy(finding => finding.Id, StringComparer.Ordinal)
                    .ThenBy(finding => finding.Subject, StringComparer.Ordinal),
            ],
            Policy = policy is null ? null : new PolicyFacts(policy.Source, [.. policy.Roles.Select(role => role.Name)]),
            LikelyRoles = policy is null ? LikelyRoles.Of(judgement) : [],
            Gaps = snapshot.Gaps,
        };
    }

    private static Listener WithExpectation(Listener listener, Expectation expectation) => expectation.Expected is null
        ? listener
        : listener with
        {
            Expected = expectation.Expected,
            Role = expectation.Expected == true ? expectation.Role?.Name ?? "exception" : null,
            RoleService = expectation.Expected == true ? expectation.Service?.Name ?? expectation.Allowance?.Name : null,
            Approval = expectation.Expected == true ? ApprovalOf(expectation) : null,
        };

    private static Approval ApprovalOf(Expectation expectation) => new()
    {
        Reason = expectation.Allowance?.Reason ?? expectation.Service?.Why,
        Owner = expectation.Allowance?.Owner,
        Expires = expectation.Allowance?.Expires,
        From = expectation.From,
    };
}
