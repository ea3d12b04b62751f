using System.Collections.Generic;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>
/// Listeners that no role allows, and, with or without a policy, services heard further than they are meant for. One finding a
/// listener, of the most telling kind.
/// </summary>
internal sealed class Unneeded : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            // Sockets without ports and other namespaces have checks of their own.
            Expectation expectation = judgement.ExpectationOf(listener);
            if (expectation.Expected == true || listener.Namespace != NetworkNamespace.HostName
                || listener.Protocol is Protocol.Raw or Protocol.Packet || (expectation.OutOfPlace is not null && listener.Scope != Scope.Loopback))
            {
                continue;
            }

            PortFacts? facts = judgement.IdentityOf(listener);
            Hazard? hazard = facts is null ? null : Hazard.Of(listener, facts);
            if (hazard is null && expectation.Expected is null)
            {
                continue;
            }

            string[] evidence = [.. facts is null ? [] : Wording.Known(facts), .. Wording.NotAllowed(judgement.Policy, expectation)];
            yield return hazard is not null
                ? Wording.Finding(hazard.Id, hazard.Severity, $"{hazard.Title} {Wording.Where(listener)} ({Wording.Port(listener)})", listener, evidence, hazard.IsWantedInside ? Remedy.BindInside(listener) : Remedy.Close(listener))
                : Wording.Finding(
                    "PC1001", SeverityOf(listener, facts), $"{Wording.Holder(listener)} listens {Wording.Where(listener)} on {Wording.Port(listener)}, and no role allows it",
                    listener, evidence, Remedy.Close(listener));
        }
    }

    private static Severity SeverityOf(Listener listener, PortFacts? facts) => listener.Scope switch
    {
        Scope.Loopback => Severity.Info,
        Scope.Link => Severity.Low,
        Scope.Private => facts?.Risk >= RiskLevel.High ? Severity.Medium : Severity.Low,
        _ => facts?.Risk >= RiskLevel.High ? Severity.High : Severity.Medium,
    };
}
