using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft;
using Portcullis.Tests.Wire.Nft;
using Xunit;

namespace Portcullis.Tests.Firewall;

/// <summary>Rules that never decide, since others did before.</summary>
public sealed class IdleRulesTests(ITestOutputHelper output)
{
    [Fact]
    public void Rules_behind_others_that_decide_about_all_their_packets_are_found_and_no_others()
    {
        ImmutableArray<IdleRule> idle = [.. IdleRules.Of(NftRuleset.Decode(NftRulesetTests.Dump("behind.nft")))];

        Assert.Equal(
            [
                "web: tcp dport 8081 drop", "input: ip saddr 203.0.113.0/24 tcp dport 22 drop # behind", "input: tcp dport 8005 accept # behind", "input: tcp dport 80 accept # the same again",
                "input: ip saddr 192.0.2.2 tcp dport 9001 reject # behind", "input: tcp dport 9004 drop # behind", "input: meta l4proto 47 accept # behind",
            ],
            idle.Select(one => $"{one.Place.Chain.Name}: {RuleText.Of(one.Place.Rule!, one.Place.Table)}"));
        Assert.Equal(["tcp dport { 22, 80 } accept"], idle[1].Deciding.Select(other => RuleText.Of(other.Rule!, other.Table)));
        Assert.Empty(idle[0].Deciding); // it has returned
    }

    /// <summary>Whatever a packet is, a rule that was told as idle does not decide about it, and that it is there makes no difference.</summary>
    [Fact]
    public void Idle_rules_decide_about_no_packet_that_walks_through_random_rules()
    {
        int found = 0;
        int busy = 0;
        for (int seed = 1; seed <= 300; seed++)
        {
            RandomRules made = new(seed);
            HashSet<FirewallRule> idle = new(IdleRules.Of(made.Ruleset).Select(one => one.Place.Rule!), ReferenceEqualityComparer.Instance);
            found += idle.Count;
            for (int at = 0; at < 40; at++)
            {
                Packet packet = made.Packet();
                WalkResult walk = PacketWalk.Of(made.Ruleset, made.Arrival, packet.Headers, (_, _) => at % 2 == 0);
                foreach (WalkEvent one in walk.Events.Where(one => one.Place?.Rule is not null && one.Did is "accept" or "drop" or "reject"))
                {
                    busy++;
                    Assert.False(idle.Contains(one.Place!.Rule!), string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {packet}: {one.Place}"));
                }
            }
        }

        output.WriteLine($"{found} idle rules, {busy} decisions of others");
        Assert.NotEqual(0, found);
        Assert.NotEqual(0, busy);
    }

    [Theory]
    [InlineData("guard.nft")]
    [InlineData("ufw.iptables")]
    [InlineData("ufw6.ip6tables")]
    [InlineData("firewalld.nft")]
    public void Rules_that_programs_write_do_not_contradict_each_other(string rules) => Assert.DoesNotContain(
        IdleRules.Of(NftRuleset.Decode(NftRulesetTests.Dump(rules))),
        idle => idle.Deciding.Any(other => other.Rule!.Steps[^1] != idle.Place.Rule!.Steps[^1]));
}
