using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>
/// Listeners that no role allows, and, with or without a policy, services heard further than they are meant for. One finding a
/// listener, of the most telling kind.
/// </summary>
internal sealed class Unneeded : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        PortRange? local = EphemeralPort.RangeOf(judgement.Snapshot);
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
            ImmutableArray<PortFacts> candidates = facts is null ? ServiceIdentity.CandidatesOf(listener) : [];
            Hazard? hazard = facts is null ? null : Hazard.Of(listener, facts);
            if (Hazard.WorstOf(listener, candidates) is (Hazard worst, PortFacts its))
            {
                (hazard, facts) = (worst, its);
            }

            if (hazard is null && expectation.Expected is null)
            {
                continue;
            }

            // What no role allows is never less for being known.
            Severity unneeded = expectation.Expected == false ? SeverityOf(listener, facts) : Severity.Info;
            string[] evidence =
            [
                .. facts is null ? [] : Wording.Known(facts), .. hazard is null ? [] : Wording.Unsure(listener, facts!, candidates),
                .. Wording.NotAllowed(judgement.Policy, expectation),
            ];
            yield return hazard is not null
                ? Wording.Finding(hazard.Id, Hazard.Worse(hazard.Severity, unneeded), $"{hazard.Title} {Wording.Where(listener)} ({Wording.Port(listener)})", listener, evidence, hazard.IsWantedInside ? Remedy.BindInside(listener) : Remedy.Stop(listener))
                : local is PortRange range && IsOfTheMoment(listener, range) ? Moment(listener, evidence)
                : Wording.Finding(
                    "PC1001", unneeded, $"{Wording.Holder(listener)} listens {Wording.Where(listener)} on {Wording.Port(listener)}, and no role allows it",
                    listener, evidence, Remedy.Stop(listener));
        }
    }

    /// <summary>Whether the kernel chose the port for the moment; no where the range that it chooses from was not read.</summary>
    internal static bool IsOfTheMoment(Listener listener, Snapshot snapshot) => EphemeralPort.RangeOf(snapshot) is PortRange local && IsOfTheMoment(listener, local);

    /// <summary>
    /// Whether a known server of UDP asks questions from it: beside its own port it has one that the kernel chose, and another after its
    /// next start, so that no policy can name it.
    /// </summary>
    private static bool IsOfTheMoment(Listener listener, PortRange local) =>
        listener.Protocol == Protocol.Udp && local.Contains(listener.Port) && listener.Unit is { Transient: false } && !listener.Processes.IsEmpty
        && listener.Processes.All(process => process.Packaged == true)
        && ServiceIdentity.KnownOf(listener) is { IsEmpty: false } known
        && known.Any(facts => facts.Protocol == Protocol.Udp) && !known.Any(facts => facts.Ports.Contains(listener.Port));

    private static Finding Moment(Listener listener, string[] evidence)
    {
        string holder = Wording.Holder(listener);
        string own = string.Join(", ", ServiceIdentity.KnownOf(listener).Where(facts => facts.Protocol == Protocol.Udp).Select(facts => new ServicePort(facts.Protocol, facts.Ports).ToString()).Distinct(StringComparer.Ordinal));
        return Wording.Finding(
            "PC1001", Severity.Info, $"{holder} has {Wording.Port(listener)} {Wording.Where(listener)}, a port of the moment that no role allows", listener,
            [.. evidence, $"the kernel chose the port, most likely for {holder}'s own questions; it is known for {own}, and has another after its next start"],
            $"there is nothing to do for the port alone: it goes with {holder}; it needs no exception");
    }

    private static Severity SeverityOf(Listener listener, PortFacts? facts) => listener.Scope switch
    {
        Scope.Loopback => Severity.Info,
        Scope.Link => Severity.Low,
        Scope.Private => facts?.Risk >= RiskLevel.High ? Severity.Medium : Severity.Low,
        _ => facts?.Risk >= RiskLevel.High ? Severity.High : Severity.Medium,
    };
}
