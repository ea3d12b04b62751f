using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// Finds ports that are open by translation alone: with the same rules and no translation the packets would be kept out. That is how a container
/// engine's published port gets past ufw.
/// </summary>
internal static class PassedPorts
{
    private const int MostPorts = 256;

    /// <summary>The ports, each version of its own.</summary>
    /// <param name="firewall">The host's firewall.</param>
    /// <param name="zone">From where.</param>
    internal static IEnumerable<PassedPort> Of(NamespaceFirewall firewall, ZoneSources zone)
    {
        NamespaceFirewall? plain = null;
        foreach ((Protocol protocol, byte number) in ((Protocol, byte)[])[(Protocol.Tcp, 6), (Protocol.Udp, 17)])
        {
            foreach (IpVersion version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                HashSet<int> done = [];
                foreach (ReachRegion region in Regions(firewall, zone, version, number, null).Where(IsPassedOn).ToList())
                {
                    // A whole range that is passed on is told by its first port.
                    if (done.Count < MostPorts && done.Add(region.Ports.First))
                    {
                        plain ??= firewall.Without(chain => chain.Hook is { Type: "nat", Point: HookPoint.Prerouting });
                        List<ReachRegion> untranslated = [.. Regions(plain, zone, version, number, region.Ports.First)];
                        if (untranslated.Count > 0 && untranslated.TrueForAll(one => one.Verdict == ReachVerdict.Blocked) && untranslated[0].By is RulePlace denial)
                        {
                            yield return new PassedPort(protocol, region.Ports.First, version, region.To!, region.By?.ToString(), denial.ToString());
                        }
                    }
                }
            }
        }
    }

    private static bool IsPassedOn(ReachRegion region) => region.To is not null && region.Verdict is ReachVerdict.Reachable or ReachVerdict.Conditional;

    private static IEnumerable<ReachRegion> Regions(NamespaceFirewall firewall, ZoneSources zone, IpVersion version, byte protocol, int? port) =>
        firewall.AtOwnAddresses(zone, version, protocol).SelectMany(way => way.View?.Regions(port) ?? []);
}
