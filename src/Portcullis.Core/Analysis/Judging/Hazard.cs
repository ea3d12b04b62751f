using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>A service that is heard further than it is meant for.</summary>
/// <param name="Id">The kind of finding.</param>
/// <param name="Severity">How much it matters there.</param>
/// <param name="Title">The beginning of a sentence that ends with where it is heard.</param>
/// <param name="IsWantedInside">Whether the usual remedy is to bind it to this host, and not to remove it.</param>
internal sealed record Hazard(string Id, Severity Severity, string Title, bool IsWantedInside)
{
    /// <summary>
    /// Name servers that only look names up for others. A server of zones is for everybody; a resolver that everybody can ask is an
    /// amplifier (RFC 5358).
    /// </summary>
    private static readonly string[] Resolvers = ["dnsmasq", "unbound", "kresd", "pdns_recursor", "systemd-resolved", "pihole-FTL"];

    /// <summary>
    /// The worst hazard of several services, of which the listener may be any: one step less where it may be one that is none.
    /// Null where none is one.
    /// </summary>
    internal static (Hazard Hazard, PortFacts Facts)? WorstOf(Listener listener, ImmutableArray<PortFacts> candidates)
    {
        Hazard? worst = null;
        PortFacts? its = null;
        bool isSure = true;
        foreach (PortFacts facts in candidates)
        {
            Hazard? hazard = Of(listener, facts);
            isSure &= hazard is not null;
            if (hazard is not null && (worst is null || hazard.Severity > worst.Severity))
            {
                (worst, its) = (hazard, facts);
            }
        }

        return worst is null || its is null ? null
            : (isSure ? worst : worst with { Severity = (Severity)Math.Max((int)worst.Severity - 1, (int)Severity.Info) }, its);
    }

    /// <summary>The hazard of a service on a listener; null for none.</summary>
    internal static Hazard? Of(Listener listener, PortFacts facts)
    {
        if (listener.Scope == Scope.Loopback)
        {
            return null;
        }

        Severity severity = SeverityOf(listener.Scope, facts.Risk);
        string name = NameOf(listener, facts);
        if (listener.Protocol == Protocol.Udp && facts.Amplification is string factor && listener.Scope is Scope.Any or Scope.Address
            && (facts.Exposure != AdvisedExposure.Internet || IsResolver(listener, facts)))
        {
            return new Hazard("PC2004", Worse(severity, Severity.Medium), $"{name} answers forged requests with up to {factor} times the bytes", IsWantedInside: false);
        }

        bool isTooFar = IsNarrower(facts.Exposure, listener.Scope);
        return ProgramKnowledge.KindOf(facts.Name) switch
        {
            ServiceKind.DataStore when isTooFar => new Hazard("PC2001", severity, $"{name} keeps data for other programs and is heard", IsWantedInside: true),
            ServiceKind.Management when isTooFar => new Hazard("PC2002", severity, $"{name} manages this host or others and is heard", IsWantedInside: true),
            ServiceKind.Login when facts.ClearText is ClearText.Yes => new Hazard("PC2003", Worse(severity, SeverityOf(listener.Scope, RiskLevel.High)), $"{name} takes passwords in clear text and is heard", IsWantedInside: false),
            ServiceKind.Login when facts.ClearText is ClearText.Optional => new Hazard("PC2003", severity, $"{name} may take passwords in clear text and is heard", IsWantedInside: false),
            _ when isTooFar && facts.Risk >= RiskLevel.Medium => new Hazard("PC2005", severity, $"{name} is meant for fewer and is heard", IsWantedInside: facts.Exposure == AdvisedExposure.Loopback),
            _ => null,
        };
    }

    /// <summary>
    /// The service's name; that of the unit where several products share the row of a port and the row has another's name (cockpit on
    /// prometheus's).
    /// </summary>
    private static string NameOf(Listener listener, PortFacts facts)
    {
        string? unit = listener.ActivatedBy ?? listener.Unit?.Name;
        string product = unit is null ? "" : unit[..unit.LastIndexOf('.')];
        return unit is not null && facts.Units.Length > 1 && facts.Units.Contains(unit, StringComparer.Ordinal) && !product.Contains(facts.Name, StringComparison.Ordinal)
            && !ServiceIdentity.NamesOf(listener).Any(holder => holder.Contains(facts.Name, StringComparison.Ordinal))
            ? product
            : facts.Name;
    }

    private static bool IsResolver(Listener listener, PortFacts facts) =>
        facts.Name == "dns" && ServiceIdentity.NamesOf(listener).Any(name => Resolvers.Contains(name, StringComparer.Ordinal));

    /// <summary>Whether a service is meant for fewer than can hear the address.</summary>
    private static bool IsNarrower(AdvisedExposure? meant, Scope heard) => meant switch
    {
        AdvisedExposure.None or AdvisedExposure.Loopback => true,
        AdvisedExposure.Management or AdvisedExposure.Private => heard is Scope.Any or Scope.Address,
        _ => false,
    };

    private static Severity SeverityOf(Scope scope, RiskLevel risk)
    {
        int level = (int)risk - (scope is Scope.Any or Scope.Address ? 0 : scope == Scope.Private ? 1 : 2);
        return (Severity)Math.Max(level, (int)Severity.Info);
    }

    /// <summary>The worse of two.</summary>
    internal static Severity Worse(Severity one, Severity other) => one > other ? one : other;
}
