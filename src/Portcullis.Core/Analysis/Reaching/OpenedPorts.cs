using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Finds the ports of the host that firewalls and the owner's rules let in one by one. What lets in wide ranges, or everything, is none of these.</summary>
internal static class OpenedPorts
{
    // A rule for more of them is about something else than the services behind them, such as the ports that answers come to.
    private const int MostOfOneRule = 64;
    private const int MostRegions = 100_000;

    /// <summary>What one rule lets in, a port of a protocol over an IP version each.</summary>
    private sealed record Opening(RulePlace By)
    {
        internal HashSet<(Protocol Protocol, int Port, IpVersion Version)> Ports { get; } = [];

        internal bool IsWide => Ports.Count > MostOfOneRule;
    }

    /// <summary>The ports, by protocol and number.</summary>
    /// <param name="firewall">The host's firewall.</param>
    /// <param name="everybody">The sources.</param>
    internal static ImmutableArray<OpenedPort> Of(NamespaceFirewall firewall, ZoneSources everybody)
    {
        Dictionary<FirewallRule, Opening> byRule = new(ReferenceEqualityComparer.Instance);
        int regions = 0;
        foreach ((Protocol protocol, byte number) in ((Protocol, byte)[])[(Protocol.Tcp, 6), (Protocol.Udp, 17)])
        {
            foreach (IpVersion version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                foreach (ReachRegion region in firewall.AtOwnAddresses(everybody, version, number).SelectMany(way => way.View?.Regions(null) ?? []))
                {
                    if (++regions > MostRegions)
                    {
                        return [];
                    }

                    if (region is { To: null, Verdict: ReachVerdict.Reachable or ReachVerdict.Conditional, By: RulePlace { Rule: FirewallRule rule } place })
                    {
                        Opening opening = byRule.TryGetValue(rule, out Opening? known) ? known : byRule[rule] = new Opening(place);
                        Add(opening, region.Ports, protocol, version);
                    }
                }
            }
        }

        return
        [
            .. byRule.Values.Where(one => !one.IsWide && IsForHost(one.By)).SelectMany(one => one.Ports.Select(port => new OpenedPort(port.Protocol, port.Port, port.Version, one.By)))
                .OrderBy(one => one.Protocol).ThenBy(one => one.Port).ThenBy(one => one.Version).ThenBy(one => one.By.ToString(), StringComparer.Ordinal),
        ];
    }

    private static void Add(Opening opening, (int First, int Last) ports, Protocol protocol, IpVersion version)
    {
        for (int port = ports.First; port <= ports.Last && !opening.IsWide; port++)
        {
            opening.Ports.Add((protocol, port, version));
        }
    }

    /// <summary>Whether its owner can take the rule away: what ufw brings with it lets in answers to its host's own questions, such as DHCP's.</summary>
    private static bool IsForHost(RulePlace place) => RuleWriters.Of(place) is (string name, RuleWriterKind.Firewall or RuleWriterKind.Owner)
        && (name != "ufw" || place.Chain.Name.StartsWith("ufw-user-", StringComparison.Ordinal) || place.Chain.Name.StartsWith("ufw6-user-", StringComparison.Ordinal));
}
