using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Connection tracking and marks: cases in which something else was once said than the kernel does.</summary>
public sealed class TrackingTests
{
    [Theory]
    [InlineData(-300, ReachVerdict.Blocked)] // before connection tracking
    [InlineData(-150, ReachVerdict.Reachable)] // behind it notrack is in vain
    public void Notrack_counts_only_before_connection_tracking(int priority, ReachVerdict verdict)
    {
        Ruleset rules = Rules(Table(TableFamily.Inet, "raw", Base("raw", HookPoint.Prerouting, priority, false, Rule(new NotrackStep()))), Cases.Input(Rule(Any(State, 8), Accept)));
        Cases.Expect(verdict, Cases.Web, rules);
    }

    [Theory]
    [InlineData(-300, ReachVerdict.Blocked)]
    [InlineData(-150, ReachVerdict.Reachable)]
    public void Mark_of_a_connection_is_kept_only_where_there_is_one(int priority, ReachVerdict verdict)
    {
        Ruleset rules = Rules(Table(TableFamily.Inet, "raw", Base("raw", HookPoint.Prerouting, priority, false, Rule(Set(ConnectionMark, 7)))), Cases.Input(Rule(Is(ConnectionMark, 7), Accept)));
        Cases.Expect(verdict, Cases.Web, rules);
    }

    [Theory]
    [InlineData(-300, ReachVerdict.Blocked)]
    [InlineData(-150, ReachVerdict.Reachable)]
    public void Rule_that_takes_a_mark_from_a_connection_does_not_hold_without_one(int priority, ReachVerdict verdict)
    {
        AssignStep restore = new(Mark, new ComputedValue(new Operand(ConnectionMark)));
        Ruleset rules = Rules(Table(TableFamily.Inet, "raw", Base("raw", HookPoint.Prerouting, priority, true, Rule(restore, Accept))));
        Cases.Expect(verdict, Cases.Web, rules);
    }

    [Theory]
    [InlineData(8, 8, ReachVerdict.Reachable)] // an echo request is new
    [InlineData(3, 8, ReachVerdict.Blocked)] // an error that belongs to nothing is not
    [InlineData(3, 1, ReachVerdict.Reachable)]
    public void Icmp_begins_a_connection_only_by_a_request(int type, uint state, ReachVerdict verdict)
    {
        Packet packet = new(Cases.Web.Source, Cases.Web.Destination, 1, type, 0);
        Cases.Expect(verdict, packet, Rules(Cases.Input(Rule(Any(State, state), Accept))));
    }

    [Theory]
    [InlineData(135, 64, ReachVerdict.Reachable)]
    [InlineData(135, 8, ReachVerdict.Blocked)]
    [InlineData(128, 8, ReachVerdict.Reachable)]
    [InlineData(129, 1, ReachVerdict.Reachable)]
    [InlineData(143, 64, ReachVerdict.Reachable)]
    public void Neighbour_discovery_is_never_tracked(int type, uint state, ReachVerdict verdict)
    {
        Packet packet = new(Cases.Web6.Source, Cases.Web6.Destination, 58, type, 0);
        Cases.Expect(verdict, packet, Rules(Cases.Input(Rule(Any(State, state), Accept))));
    }

    [Fact]
    public void Chain_of_the_type_nat_sees_nothing_where_no_rule_asks_for_connections()
    {
        // Found by the kernel: the drop did not drop.
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(Drop)));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat));
        FirewallTable other = Table(TableFamily.Inet, "t", Chain("never", Rule(Any(State, 8), Accept)));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(nat, other with { IsDormant = true }));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat, other with { Family = TableFamily.Ip6 }));

        // "dnat ip6 to" makes connections of IPv6 tracked, and of no other version, also in a table of both.
        FirewallTable both = Table(TableFamily.Inet, "both", Nat("pre", HookPoint.Prerouting, -90, Rule(Drop), Rule(new TranslateStep(TranslationKind.Destination, Constant(Bytes("fd17::2")), null))));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(both));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web6, Rules(both));
    }

    [Fact]
    public void Of_equal_priority_the_chain_that_was_made_last_comes_first()
    {
        FirewallTable marks = Table(TableFamily.Inet, "marks", Base("marks", HookPoint.Input, 0, false, Rule(Set(Mark, 1))));
        FirewallTable asks = Table(TableFamily.Ip, "asks", Base("asks", HookPoint.Input, 0, true, Rule(Is(Mark, 1), Accept)));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(marks, asks));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(asks, marks));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(asks with { Chains = [.. asks.Chains, .. marks.Chains] }));
    }

    [Fact]
    public void Chains_of_the_type_nat_are_in_order_of_their_own_priorities_below_one_hook()
    {
        FirewallChain late = Nat("late", HookPoint.Prerouting, 5, Rule(Is(Mark, 1), new TranslateStep(TranslationKind.Redirect, null, Constant([0x1f, 0x90]))));
        FirewallChain early = Nat("early", HookPoint.Prerouting, -250, Rule(Set(Mark, 1)));
        FirewallChain asks = Base("asks", HookPoint.Prerouting, -50, true, Rule(Is(Port, 8080), Accept));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(Table(TableFamily.Inet, "t", late, early, asks)));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Table(TableFamily.Inet, "t", late with { Hook = early.Hook }, early with { Hook = late.Hook }, asks)));
    }

    [Fact]
    public void What_the_last_rule_but_one_marks_is_still_marked_at_the_end_of_the_chain()
    {
        FirewallChain marks = Base("marks", HookPoint.Prerouting, 0, false, Rule(Set(Mark, 1)), Rule(Is(Port, 22), Accept), Rule(Is(Port, 80), Set(Mark, 3)), Rule(new RemarkStep("counter")));
        FirewallTable input = Cases.Input(Rule(Is(Mark, 3), Accept), Rule(Is(Mark, 1), Is(Port, 22), Accept), Rule(Is(Mark, 1), Is(Port, 81), Accept));
        Ruleset rules = Rules(Table(TableFamily.Inet, "t", marks), input);
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, rules);
        Cases.Expect(ReachVerdict.Reachable, Cases.Web with { Port = 22 }, rules);
        Cases.Expect(ReachVerdict.Reachable, Cases.Web with { Port = 81 }, rules);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web with { Port = 82 }, rules);
    }

    [Fact]
    public void Mark_from_a_map_is_set_only_where_the_map_has_the_key()
    {
        FirewallSet map = Elements("m", [2], ([Bytes(80, 2)], [Bytes(81, 2)]), ([Bytes(90, 2)], [Bytes(90, 2)])) with { DataLength = 4, Data = [0, 0, 0, 1, 0, 0, 0, 2] };
        AssignStep mark = new(Mark, new MappedValue([new Operand(Port)], "m", 0, 4));
        Ruleset rules = Rules(Table(TableFamily.Inet, "t", Base("b", HookPoint.Input, 0, true, Rule(mark, IsNot(Mark, 2), Accept))) with { Sets = [map] });
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, rules);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web with { Port = 90 }, rules);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web with { Port = 82 }, rules);
    }

    [Fact]
    public void Two_marks_that_cannot_be_foreseen_are_not_one()
    {
        AssignStep any = new(Mark, new UnknownValue("numgen random mod 2"));
        FirewallChain chain = Base("b", HookPoint.Input, 0, true, Rule(any), Rule(Is(Mark, 0), Drop), Rule(any), Rule(Is(Mark, 0), Accept));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Table(TableFamily.Inet, "t", chain)));
    }

    [Theory]
    [InlineData("original ip saddr", ReachVerdict.Blocked)]
    [InlineData("original ip6 saddr", ReachVerdict.Reachable)]
    [InlineData("original saddr", ReachVerdict.Reachable)]
    public void Connection_of_one_version_has_no_address_of_the_other(string name, ReachVerdict verdict)
    {
        PacketField field = new(FieldSource.Connection, name, 0, name == "original ip saddr" ? 4 : 16);
        MatchStep match = new(new Operand(field), [new ByteRange([.. new byte[field.Length]], Bytes("2001:db8::2")[..field.Length])], false);
        Cases.Expect(verdict, Cases.Web6, Rules(Cases.Input(Rule(match, Accept))));
    }
}
