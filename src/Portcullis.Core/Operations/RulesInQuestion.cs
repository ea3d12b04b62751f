using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Operations;

/// <summary>A host with the rules by which it is to be judged: those in force, or others in their place.</summary>
/// <param name="Host">The host's namespace: interfaces, addresses and routes; null where it is not known.</param>
/// <param name="Ruleset">The rules; null where they are not known.</param>
/// <param name="Untold">The IP version of which the rules tell nothing; null where they tell of both.</param>
/// <param name="Gaps">What is missing.</param>
public sealed record RulesInQuestion(NetworkNamespace? Host, Ruleset? Ruleset, IpVersion? Untold, ImmutableArray<Gap> Gaps)
{
    /// <summary>The rules in force.</summary>
    public static RulesInQuestion InForce(Snapshot snapshot)
    {
        HostRules rules = HostRules.Of(snapshot);
        return new RulesInQuestion(rules.Network, rules.Ruleset, null, [.. snapshot.Gaps.Where(gap => HostRules.IsAbout(gap) || gap.What == PacketProgram.GapName), .. rules.Gaps]);
    }

    /// <summary>Rules in the place of those in force.</summary>
    /// <param name="snapshot">The facts: interfaces, addresses and routes are taken from it, and its rules are left aside.</param>
    /// <param name="given">The rules.</param>
    /// <param name="scripts">What they were read from.</param>
    public static RulesInQuestion Given(Snapshot snapshot, GivenRules given, ImmutableArray<RulesetScript> scripts)
    {
        if (given.Ruleset is not Ruleset wanted)
        {
            return new RulesInQuestion(null, null, null, [new Gap("firewall rules", given.Refusal ?? "not read", null)]);
        }

        HostRules rules = HostRules.Of(snapshot, wanted, given.Nameless);
        return new RulesInQuestion(rules.Network, wanted, UntoldBy(scripts), rules.Gaps);
    }

    /// <summary>The host's interfaces, which a ruleset may name.</summary>
    public static ImmutableArray<NetworkInterface> InterfacesOf(Snapshot snapshot) =>
        snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName)?.Interfaces ?? [];

    /// <summary>A save of one iptables tells nothing of the other IP version, which has rules of its own; nft's listings tell both.</summary>
    private static IpVersion? UntoldBy(ImmutableArray<RulesetScript> scripts) => scripts switch
    {
        [{ Format: ScriptFormat.Iptables }] => IpVersion.V6,
        [{ Format: ScriptFormat.Ip6tables }] => IpVersion.V4,
        _ => null,
    };
}
