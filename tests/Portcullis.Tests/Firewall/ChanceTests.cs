using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>What the packet alone does not tell: cases in which two things were once taken for one.</summary>
public sealed class ChanceTests
{
    [Fact]
    public void What_depends_on_something_is_never_blocked_nor_reachable()
    {
        ReachRegion region = Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Cases.Input(Rule(new ChanceStep("limit rate 3/minute", false), Accept))));
        Assert.Equal(["limit rate 3/minute"], region.DependsOn);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Cases.Input(Rule(new ChanceStep("limit rate 3/minute", false), Drop))));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(Cases.Input(Rule(new ChanceStep("limit rate 3/minute", false), Accept), Rule(Accept))));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Cases.Input(Rule(new OpaqueStep("xt match bpf")))));
    }

    [Fact]
    public void Stable_chances_with_one_text_agree_and_others_do_not()
    {
        ChanceStep stable = new("meta time", true);
        ChanceStep each = new("limit", false);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Cases.Input(Rule(stable, Drop), Rule(stable, Accept))));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Cases.Input(Rule(each, Drop), Rule(each, Accept))));
    }

    [Fact]
    public void Long_lists_that_begin_alike_are_not_one()
    {
        MatchStep Users(ulong last) => new(new Operand(User), [.. Enumerable.Range(0, 9).Select(at => One(Bytes(at == 8 ? last : (ulong)at * 10, 4)))], false);
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Cases.Input(Rule(Users(1000), Drop), Rule(Users(1001), Accept))));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Cases.Input(Rule(Users(1000), Drop), Rule(Users(1000), Accept))));
    }

    [Fact]
    public void Sets_of_one_name_in_two_tables_are_not_one()
    {
        FirewallSet set = Elements("s", [2]) with { HasTimeouts = true };
        LookupStep lookup = new([new Operand(Port)], "s", false);
        FirewallTable one = Table(TableFamily.Inet, "one", Base("b", HookPoint.Input, 0, false, Rule(lookup, Drop))) with { Sets = [set] };
        FirewallTable two = Table(TableFamily.Inet, "two", Base("b", HookPoint.Input, 1, true, Rule(lookup, Accept))) with { Sets = [set] };
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(one, two));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(one with { Chains = [.. one.Chains, .. two.Chains] }));
    }

    [Fact]
    public void Packet_may_be_in_a_dynamic_set_the_second_time()
    {
        FirewallSet set = Elements("s", [2]) with { IsDynamic = true };
        LookupStep lookup = new([new Operand(Port)], "s", false);
        FirewallChain chain = Base("b", HookPoint.Input, 0, true, Rule(lookup, Drop), Rule(new RemarkStep("add @s { th dport }")), Rule(lookup, Accept));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Table(TableFamily.Inet, "t", chain) with { Sets = [set] }));
    }

    [Theory]
    [InlineData(0x02, 0xff, ReachVerdict.Conditional)] // "tcp flags == syn drop" keeps out a plain SYN, and not one with ECE and CWR
    [InlineData(0x02, 0x17, ReachVerdict.Blocked)] // "tcp flags & (fin | syn | rst | ack) == syn drop"
    [InlineData(0x10, 0x10, ReachVerdict.Reachable)] // "tcp flags ack drop"
    [InlineData(0x40, 0x40, ReachVerdict.Reachable)] // "tcp flags ecn drop": a plain SYN gets in
    public void First_segment_may_have_other_flags_than_syn(byte value, byte mask, ReachVerdict verdict)
    {
        MatchStep flags = new(new Operand(TcpFlags, [mask], []), [One([value])], false);
        Ruleset rules = Rules(Table(TableFamily.Inet, "t", Base("b", HookPoint.Input, 0, false, Rule(flags, Drop))));
        Cases.Expect(verdict, Cases.Web, rules);
        Cases.Expect(verdict, Cases.Web with { Flags = 0xc2 }, rules);
    }

    [Fact]
    public void Walk_tells_what_it_met_and_what_it_depended_on()
    {
        Ruleset rules = Rules(Cases.Input(Rule(Is(Port, 22), Drop), Rule(Set(Mark, 7)), Rule(Is(Port, 80), new ChanceStep("limit", false), Accept)));
        WalkResult walk = Cases.Walk(Cases.Web, rules, chance: true);
        Assert.Equal(WalkVerdict.Accepted, walk.Verdict);
        Assert.Equal("inet filter input: th dport 80 limit accept", walk.By?.ToString());
        Assert.Equal(["meta mark becomes 0x00000007", "depends on: limit (holds)", "accept"], walk.Events.Select(one => one.Did));
        WalkResult other = Cases.Walk(Cases.Web, rules);
        Assert.Equal((WalkVerdict.Dropped, "inet filter input policy drop"), (other.Verdict, other.By?.ToString()));
    }

    [Fact]
    public void Chains_that_go_in_circles_come_to_an_end()
    {
        Ruleset rules = Rules(Table(TableFamily.Inet, "t",
            Base("b", HookPoint.Input, 0, false, Rule(Verdict(VerdictKind.Jump, "c"))),
            Chain("c", Rule(Verdict(VerdictKind.Jump, "c")))));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, rules);
    }

    [Fact]
    public void Rules_that_mark_in_every_combination_are_too_complex_and_come_to_an_end()
    {
        ImmutableArray<FirewallRule> marks = [.. Enumerable.Range(0, 32).Select(at => Rule(
            new ChanceStep("limit", false),
            new AssignStep(Mark, new ComputedValue(new Operand(Mark, Bytes(~(1u << at), 4), Bytes(1UL << at, 4))))))];
        Assert.Throws<TooComplexException>(() => Reach.Of(Rules(Table(TableFamily.Inet, "t", Base("b", HookPoint.Input, 0, false, [.. marks]))), Cases.ArrivalOf(Cases.Web)));
    }
}
