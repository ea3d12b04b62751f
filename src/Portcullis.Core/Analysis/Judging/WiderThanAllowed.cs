using System.Collections.Generic;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Allowed services whose socket can be heard by more than the policy lets in, so that only a firewall can keep them out.</summary>
internal sealed class WiderThanAllowed : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Policy is null ? [] : judgement.Listeners)
        {
            Expectation expectation = judgement.ExpectationOf(listener);
            if (expectation.Expected != true || expectation.Role?.Name == Role.Base || listener.Scope <= Audience.WidestOf(expectation.From)
                || listener.Protocol is Protocol.Raw or Protocol.Packet)
            {
                continue;
            }

            // Where the firewall keeps all others out, nothing is amiss.
            Exposure? beyond = judgement.Firewall.Beyond(listener, expectation.From);
            if (beyond is { Verdict: ReachVerdict.Blocked } && beyond.By != Summary.NoAddress)
            {
                continue;
            }

            string zones = string.Join(", ", expectation.From);
            bool isOpen = beyond is { Verdict: ReachVerdict.Reachable or ReachVerdict.Conditional };
            PortFacts? facts = judgement.IdentityOf(listener);
            yield return Wording.Finding(
                "PC1004",
                Worse(facts?.Risk >= RiskLevel.High ? Severity.Low : Severity.Info, isOpen),
                $"{Wording.Holder(listener)} may be reached from {zones} only, but is {(isOpen ? "reached by others: it is heard" : "heard")} {Wording.Where(listener)} ({Wording.Port(listener)})",
                listener,
                [
                    expectation.Role is Role role ? $"the role {role.Name} allows {expectation.Service!.Name} from {zones}" : $"an exception allows it from {zones}: {expectation.Allowance!.Reason}",
                    beyond switch
                    {
                        { Verdict: ReachVerdict.Reachable } => $"this host's firewall lets others in{(beyond.Part is string part ? $": {part}" : "")} ({beyond.By ?? "no rule keeps them out"})",
                        { Verdict: ReachVerdict.Conditional } => $"whether this host's firewall lets others in depends on: {string.Join(", ", beyond.DependsOn)} ({beyond.By ?? "no rule"})",
                        { Verdict: ReachVerdict.Blocked } => "no address that others could ask now; no rule keeps them out of the next one",
                        _ => "whether the firewall keeps others out is not known",
                    },
                ],
                "bind it to an address of that network, or let the firewall admit those sources only");
        }
    }

    /// <summary>What others really reach matters two steps more than what only could be heard.</summary>
    private static Severity Worse(Severity severity, bool isOpen) => isOpen ? (Severity)((int)severity + 2) : severity;
}
