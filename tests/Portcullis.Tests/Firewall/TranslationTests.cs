using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Translated and rewritten packets: cases in which something else was once said than the kernel does.</summary>
public sealed class TranslationTests
{
    private static readonly MatchStep ToDocker = new(new Operand(LeavingName), [One(Name("docker0"))], false);

    [Fact]
    public void Packet_translated_to_another_host_meets_the_forward_chains_and_not_input()
    {
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(Is(Port, 80), To("172.17.0.2", 8080))));
        FirewallTable forward = Table(TableFamily.Ip, "f", Base("forward", HookPoint.Forward, 0, true, Rule(ToDocker, Is(Port, 8080), Accept)));
        ReachRegion region = Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(nat, forward, Cases.Input()));
        Assert.Equal("172.17.0.2:8080", region.To);
        Cases.Expect(ReachVerdict.Blocked, Cases.Web with { Port = 8080 }, Rules(nat, forward, Cases.Input()));
    }

    [Theory]
    [InlineData("172.17.0.2", ReachVerdict.Blocked)]
    [InlineData("fd17::2", ReachVerdict.Reachable)] // "dnat ip6 to" in a table of both versions
    public void Translation_to_an_address_of_the_other_version_does_nothing(string to, ReachVerdict verdict)
    {
        FirewallTable nat = Table(TableFamily.Inet, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(To(to, 8080))));
        Cases.Expect(verdict, Cases.Web, Rules(nat, Table(TableFamily.Inet, "f", Base("forward", HookPoint.Forward, 0, true)), Cases.Input(Rule(Is(Port, 80), Accept))));
    }

    [Fact]
    public void Translation_by_a_map_of_addresses_of_the_other_version_does_nothing()
    {
        // Found by the kernel: "dnat ip to th dport map { 30000-30005 : 172.17.0.2 }" and a packet of IPv6.
        FirewallSet map = Elements("m", [2], ([Bytes(80, 2)], [Bytes(85, 2)])) with { DataLength = 4, Data = [172, 17, 0, 2] };
        TranslateStep step = new(TranslationKind.Destination, new MappedValue([new Operand(Port)], "m", 0, 4), null);
        FirewallTable nat = Table(TableFamily.Inet, "nat", Nat("pre", HookPoint.Prerouting, -90, Rule(step))) with { Sets = [map] };
        Assert.Null(Cases.Expect(ReachVerdict.Reachable, Cases.Web6, Rules(nat, Cases.Input(Rule(Is(Port, 80), Accept)))).To);
        Assert.Equal("172.17.0.2", Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(nat, Cases.Input())).To);
    }

    [Theory]
    [InlineData("10.0.0.1", 80, ReachVerdict.Blocked)] // found by the kernel: sent there anyway, so its status is not "dnat"
    [InlineData("10.0.0.1", 81, ReachVerdict.Reachable)]
    [InlineData("127.0.0.1", 80, ReachVerdict.Reachable)]
    public void What_is_translated_to_itself_has_not_moved(string to, ulong port, ReachVerdict verdict)
    {
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(To(to, port))));
        Cases.Expect(verdict, Cases.Web, Rules(nat, Cases.Input(Rule(Any(Status, 32), Accept))));
    }

    [Fact]
    public void Port_from_another_map_than_the_address_is_not_taken_from_that()
    {
        FirewallSet addresses = Elements("a", [2], ([Bytes(80, 2)], [Bytes(80, 2)])) with { DataLength = 4, Data = [10, 0, 0, 1] };
        FirewallSet ports = Elements("p", [2], ([Bytes(80, 2)], [Bytes(80, 2)])) with { DataLength = 2, Data = [0x1f, 0x90] };
        TranslateStep step = new(TranslationKind.Destination, new MappedValue([new Operand(Port)], "a", 0, 4), new MappedValue([new Operand(Port)], "p", 0, 2));
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(step))) with { Sets = [addresses, ports] };
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat, Cases.Input(Rule(Is(Port, 8080), Accept))));
    }

    [Fact]
    public void Redirection_is_for_this_host_also_where_its_address_is_not_known()
    {
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(new TranslateStep(TranslationKind.Redirect, null, Constant(Bytes(8080, 2))))));
        FirewallTable input = Cases.Input(Rule(Is(DestinationType, 2), Is(Port, 8080), Accept));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(nat, input), Cases.ArrivalOf(Cases.Web, "10.0.0.1", "10.0.0.2"));
        FirewallTable byAddress = Cases.Input(Rule(Between(Destination(Cases.Web.Source.Version), Bytes("10.0.0.1"), Bytes("10.0.0.1")), Accept));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat, byAddress), Cases.ArrivalOf(Cases.Web, "10.0.0.1", "10.0.0.2"));
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(nat, byAddress));
    }

    [Fact]
    public void Where_the_way_out_is_not_known_its_name_is_not_either()
    {
        FirewallTable nat = Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(To("172.17.0.2", 8080))));
        FirewallTable forward = Table(TableFamily.Ip, "f", Base("forward", HookPoint.Forward, 0, true, Rule(ToDocker, Accept)));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat, forward), Cases.ArrivalOf(Cases.Web) with { Routes = [] });
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, Rules(nat, forward));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Cases.Input(Rule(ToDocker, Accept))), Cases.ArrivalOf(Cases.Web) with { Routes = [] });
    }

    [Fact]
    public void Source_that_was_translated_is_not_the_one_that_was_sent()
    {
        FirewallTable nat = Table(TableFamily.Ip, "nat",
            Nat("pre", HookPoint.Prerouting, -100, Rule(To("172.17.0.2", 8080))),
            Nat("post", HookPoint.Postrouting, 100, Rule(new TranslateStep(TranslationKind.Masquerade, null, null))),
            Base("late", HookPoint.Postrouting, 110, false, Rule(Between(Source(Cases.Web.Source.Version), Bytes("192.0.2.0"), Bytes("192.0.2.255")), Drop)));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(nat));
    }

    [Fact]
    public void Proxy_of_the_same_machine_does_not_end_the_chain()
    {
        TranslateStep proxy = new(TranslationKind.TransparentProxy, null, Constant(Bytes(3128, 2)));
        Cases.Expect(ReachVerdict.Blocked, Cases.Web, Rules(Table(TableFamily.Inet, "t", Base("pre", HookPoint.Prerouting, -150, false, Rule(proxy, Drop), Rule(Drop)))));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(Table(TableFamily.Inet, "t", Base("pre", HookPoint.Prerouting, -150, true, Rule(proxy, Accept)))));
    }

    [Fact]
    public void Field_that_a_rule_has_written_is_not_the_one_that_was_sent()
    {
        FirewallTable table = Table(TableFamily.Ip, "t", Base("pre", HookPoint.Prerouting, 0, false, Rule(Is(Ttl, 1), Drop), Rule(Set(Ttl, 1))), Base("in", HookPoint.Input, 0, true, Rule(Is(Ttl, 1), Accept)));
        Cases.Expect(ReachVerdict.Conditional, Cases.Web, Rules(table));
    }

    private static TranslateStep To(string address, ulong port) => new(TranslationKind.Destination, Constant(Bytes(address)), Constant(Bytes(port, 2)));
}
