using System.Collections.Generic;
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

            string zones = string.Join(", ", expectation.From);
            PortFacts? facts = judgement.IdentityOf(listener);
            yield return Wording.Finding(
                "PC1004",
                facts?.Risk >= RiskLevel.High ? Severity.Low : Severity.Info,
                $"{Wording.Holder(listener)} may be reached from {zones} only, but is heard {Wording.Where(listener)} ({Wording.Port(listener)})",
                listener,
                [
                    expectation.Role is Role role ? $"the role {role.Name} allows {expectation.Service!.Name} from {zones}" : $"an exception allows it from {zones}: {expectation.Allowance!.Reason}",
                    "the firewall was not read: whether it keeps others out is not known",
                ],
                "bind it to an address of that network, or let the firewall admit those sources only");
        }
    }
}
