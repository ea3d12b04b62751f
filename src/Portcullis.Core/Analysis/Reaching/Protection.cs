using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Whether the rules keep anything from the host, and who wrote those that do.</summary>
/// <param name="KeepsOut">Whether they do, bans of single sources and what is for guests aside; null where that could not be worked out.</param>
/// <param name="By">The writers whose rules or policies keep something out, sorted.</param>
internal sealed record Protection(bool? KeepsOut, ImmutableArray<string> By)
{
    // A firewall that has so many regions and keeps nothing out is not one to make statements about.
    private const int MostRegions = 100_000;

    /// <summary>Works it out for TCP and UDP over both IP versions, and all interfaces but loopback.</summary>
    /// <param name="firewall">The host's firewall.</param>
    /// <param name="everybody">The sources.</param>
    /// <param name="isWhole">Whether all that decides about packets is in it.</param>
    internal static Protection Of(NamespaceFirewall firewall, ZoneSources everybody, bool isWhole)
    {
        // What is translated goes on to guests, past what keeps packets from the host.
        bool isTranslated = firewall.Ruleset.Tables.Any(static table => table.Chains.Any(static chain => IsTranslation(chain) && !chain.Rules.IsEmpty));
        firewall = isTranslated ? firewall.Without(IsTranslation) : firewall;
        SortedSet<string> by = new(StringComparer.Ordinal);

        // Who set a policy is found out by all rules of its chain, and many regions end there.
        Dictionary<RulePlace, (string Name, RuleWriterKind Kind)> writers = new(ReferenceEqualityComparer.Instance);
        bool isSure = isWhole;
        int regions = 0;
        foreach (EntranceView way in Ways(firewall, everybody))
        {
            isSure &= way.View is not null;
            foreach (ReachRegion region in way.View?.Regions(null) ?? [])
            {
                if (++regions > MostRegions)
                {
                    isSure = false;
                    break;
                }

                isSure &= Count(region, by, writers);
            }
        }

        return new Protection(by.Count > 0 ? true : isSure ? false : null, [.. by]);
    }

    /// <summary>Adds who keeps the packets out.</summary>
    /// <returns>Whether it is sure how they fare.</returns>
    private static bool Count(ReachRegion region, SortedSet<string> by, Dictionary<RulePlace, (string Name, RuleWriterKind Kind)> writers)
    {
        if (region.Verdict == ReachVerdict.Reachable)
        {
            return true;
        }

        if (region.By is { Switch: null } place)
        {
            if (!writers.TryGetValue(place, out (string Name, RuleWriterKind Kind) writer))
            {
                writers[place] = writer = RuleWriters.Of(place);
            }

            if (writer.Kind is not (RuleWriterKind.Firewall or RuleWriterKind.Owner))
            {
                return true;
            }

            if (region.Verdict == ReachVerdict.Blocked)
            {
                by.Add(writer.Name);
            }
        }

        return region.Verdict == ReachVerdict.Blocked;
    }

    private static bool IsTranslation(FirewallChain chain) => chain.Hook is { Type: "nat", Point: HookPoint.Prerouting };

    private static IEnumerable<EntranceView> Ways(NamespaceFirewall firewall, ZoneSources everybody) =>
        from version in (IpVersion[])[IpVersion.V4, IpVersion.V6]
        from protocol in (byte[])[6, 17] // TCP, UDP (IANA "Protocol Numbers")
        from way in firewall.AtOwnAddresses(everybody, version, protocol)
        select way;
}
