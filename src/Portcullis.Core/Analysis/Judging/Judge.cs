using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Analysis.Reaching;
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
        new ForgottenIpv6(), new NeedlesslyWide(), new SuspectExecutable(), new OutOfPlace(), new NeedlessRoot(), new DarkNamespace(), new UnseenHolder(), new PortlessSocket(),
        new StackDefences(), new SpoofedSources(), new Redirects(), new RouterAdvertisements(), new Forwarding(), new EphemeralPort(), new StoppedService(), new PassedOnPort(),
        new NoFirewall(), new IdleFirewall(), new UnlastingRules(), new SleepingFirewall(), new RivalFirewalls(), new OpenedForNobody(), new RulesNeverReached(),
        new ContradictedClaim(), new PortOfNobody(),
    ];

    /// <summary>The whole assessment. A function of its arguments alone: the time is the snapshot's.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">What the machine is for; null where nobody said.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    public static Assessment Of(Snapshot snapshot, HostPolicy? policy, RoleCatalogue catalogue)
    {
        HostFirewall firewall = HostFirewall.Of(snapshot, policy);
        Proofs proofs = new(snapshot.Outside, firewall);
        ImmutableArray<Listener> listeners = [.. ListenerTable.From(snapshot).Select(listener => listener with { Exposure = firewall.ExposureOf(listener), Proofs = proofs.Of(listener) })];
        Judgement judgement = new(snapshot, listeners, policy, catalogue, firewall, proofs);
        return new Assessment
        {
            TakenAt = snapshot.TakenAt,
            Host = snapshot.Host,
            Listeners = policy is null ? listeners : [.. listeners.Select(listener => WithExpectation(listener, judgement.ExpectationOf(listener)))],
            Findings = FindingsOf(judgement),
            Policy = policy is null ? null : new PolicyFacts(policy.Source, [.. policy.Roles.Select(role => role.Name)]),
            LikelyRoles = policy is null ? judgement.LikelyRoles : [],
            Firewall = judgement.State,
            Services = ServiceCount.Of(judgement),
            Outside = snapshot.Outside,
            Gaps = [.. snapshot.Gaps, .. firewall.Gaps],
        };
    }

    /// <summary>What all checks found and no exception settled, worst first: one finding of a kind about a subject.</summary>
    private static ImmutableArray<Finding> FindingsOf(Judgement judgement)
    {
        Dictionary<string, ImmutableArray<string>> controls = new(StringComparer.Ordinal);
        Dictionary<string, HashSet<string>> told = new(StringComparer.Ordinal);
        List<Finding> findings = [];
        foreach (ICheck check in Checks)
        {
            foreach (Finding found in check.Find(judgement))
            {
                if (!told.TryGetValue(found.Id, out HashSet<string>? subjects))
                {
                    told[found.Id] = subjects = new HashSet<string>(StringComparer.Ordinal);
                    controls[found.Id] = FindingPage.Find(found.Id)?.Controls ?? [];
                }

                if (Acceptance.Of(found, judgement) is Finding finding && subjects.Add(finding.Subject))
                {
                    findings.Add(Attenuation.Of(finding, judgement.Named(finding.Subject)) with { Controls = controls[finding.Id] });
                }
            }
        }

        findings.Sort(static (left, right) =>
            left.Severity != right.Severity ? (int)right.Severity - (int)left.Severity
            : string.CompareOrdinal(left.Id, right.Id) is int byId and not 0 ? byId
            : string.CompareOrdinal(left.Subject, right.Subject));
        return [.. findings];
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
