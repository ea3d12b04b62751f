using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Tests.Analysis;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Rules that ask by which interface the routes lead back to a source. Interface 2 is eth0, 3 docker0.</summary>
public sealed class SourceRoutesTests
{
    private static readonly PacketField s_firewalld = Asked("saddr . mark . iif check", 1);
    private static readonly NetworkRoute s_docker = Route("fd17::/64", 3);
    private static readonly NetworkRoute s_default = Route("::/0", 2);

    /// <summary>firewalld's IPv6_rpfilter: "meta nfproto ipv6 fib saddr . mark . iif oif missing drop".</summary>
    private static Ruleset Firewalld(PacketField field) => Prerouting(Is(Fields.Version, 10), Is(field, 0));

    [Theory]
    [InlineData("2001:db8::1", ReachVerdict.Blocked)]
    [InlineData("fd17::9", ReachVerdict.Conditional)] // where a route leads, another table may be asked
    public void Source_to_which_no_route_leads_does_not_get_past_firewalld(string source, ReachVerdict expected)
    {
        ReachRegion region = Expect(expected, Firewalld(s_firewalld), source, "docker0", s_docker);

        Assert.Equal("prerouting", region.By?.Chain.Name);
        Assert.Equal(expected == ReachVerdict.Blocked ? [] : ["fib saddr . mark . iif oif missing"], region.DependsOn);
    }

    [Fact]
    public void Source_to_which_the_default_route_leads_may_get_past_firewalld() => Expect(ReachVerdict.Conditional, Firewalld(s_firewalld), "2001:db8::1", "eth0", s_docker, s_default);

    [Theory]
    [InlineData("saddr . iif check", ReachVerdict.Blocked)]
    [InlineData("saddr . mark check", ReachVerdict.Conditional)]
    public void Routes_by_other_interfaces_count_where_it_is_not_asked_for_the_one_by_which_packets_come(string field, ReachVerdict expected) =>
        Expect(expected, Firewalld(Asked(field, 1)), "2001:db8::1", "docker0", s_docker, s_default);

    [Fact]
    public void Interface_of_a_vrf_is_found_by_routes_of_its_other_interfaces()
    {
        Arrival arrival = ArrivalOf("2001:db8::1", "docker0", s_docker, s_default);
        arrival = arrival with { Interfaces = [.. arrival.Interfaces, new NetworkInterface { Index = 4, Name = "red", Kind = "vrf" }] };

        Cases.Expect(ReachVerdict.Conditional, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival);
    }

    [Theory]
    [InlineData("192.0.2.1", ReachVerdict.Blocked)]
    [InlineData("0.1.2.3", ReachVerdict.Conditional)] // of the zero network the kernel looks up nothing where it asks for a group
    [InlineData("1.0.0.0", ReachVerdict.Blocked)]
    public void Sources_of_IPv4_are_told_but_for_the_zero_network(string source, ReachVerdict expected) =>
        Expect(expected, Prerouting(Is(Asked("saddr . iif oif", 4), 0)), source, "docker0", Route("172.17.0.0/16", 3));

    [Fact]
    public void Routes_that_were_not_read_or_are_too_many_tell_nothing()
    {
        Arrival arrival = ArrivalOf("2001:db8::1", "docker0");
        Cases.Expect(ReachVerdict.Blocked, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival);
        Cases.Expect(ReachVerdict.Conditional, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival with { Routes = null });

        ImmutableArray<NetworkRoute> most = [.. Enumerable.Range(0, 5000).Select(at => Route(string.Create(CultureInfo.InvariantCulture, $"fd00:{at:x}::/32"), 3))];
        Cases.Expect(ReachVerdict.Blocked, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival with { Routes = most });
        Cases.Expect(ReachVerdict.Conditional, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival with { Routes = most.Add(s_docker) });
    }

    [Fact]
    public void What_comes_by_the_loopback_device_has_a_way_back()
    {
        Arrival arrival = ArrivalOf("2001:db8::1", "docker0", s_docker);

        Cases.Expect(ReachVerdict.Conditional, PacketFrom("2001:db8::1"), Firewalld(s_firewalld), arrival with { Interface = arrival.Interface with { IsLoopback = true } });
    }

    [Theory]
    [InlineData(58, ReachVerdict.Conditional)] // some of neighbour discovery is passed over
    [InlineData(17, ReachVerdict.Blocked)]
    public void Messages_of_ICMPv6_may_have_one(byte protocol, ReachVerdict expected) =>
        Cases.Expect(expected, PacketFrom("2001:db8::1") with { Protocol = protocol, SourcePort = 128, Port = 0 }, Firewalld(s_firewalld), ArrivalOf("2001:db8::1", "docker0", s_docker) with { Protocol = protocol });

    [Theory]
    [InlineData("saddr oif", 4, 0u, false, ReachVerdict.Blocked)]
    [InlineData("saddr oif", 4, 0u, true, ReachVerdict.Reachable)]
    [InlineData("saddr oif", 4, 3u, false, ReachVerdict.Reachable)]
    [InlineData("saddr oif", 4, 3u, true, ReachVerdict.Blocked)]
    [InlineData("saddr check", 1, 1u, false, ReachVerdict.Reachable)]
    [InlineData("saddr check", 1, 1u, true, ReachVerdict.Blocked)]
    [InlineData("saddr type", 4, 0u, false, ReachVerdict.Conditional)] // is another question
    public void No_way_back_is_zero(string field, int length, uint value, bool isNegated, ReachVerdict expected) =>
        Expect(expected, Prerouting(Is(Asked(field, length), value) with { Negated = isNegated }), "2001:db8::1", "docker0", s_docker);

    [Fact]
    public void Bits_of_the_interface_are_asked_for()
    {
        PacketField field = Asked("saddr oif", 4);
        foreach ((uint mask, uint xor, uint value, ReachVerdict expected) in ((uint, uint, uint, ReachVerdict)[])[(1, 0, 0, ReachVerdict.Blocked), (1, 0, 1, ReachVerdict.Reachable), (1, 2, 2, ReachVerdict.Blocked), (1, 2, 0, ReachVerdict.Reachable)])
        {
            Expect(expected, Prerouting(new MatchStep(new Operand(field, Bytes(mask, 4), Bytes(xor, 4)), [One(Bytes(value, 4))], false)), "2001:db8::1", "docker0", s_docker);
        }
    }

    [Fact]
    public void No_way_back_has_no_name()
    {
        MatchStep step = new(new Operand(Asked("saddr . iif oifname", 16)), [One(Name("docker0"))], true);

        Expect(ReachVerdict.Blocked, Prerouting(step), "2001:db8::1", "docker0", s_docker);
        Expect(ReachVerdict.Reachable, Prerouting(step with { Negated = false }), "2001:db8::1", "docker0", s_docker);
        // Of the empty name only four bytes are written.
        ReachRegion region = Reach.Of(Prerouting(step with { Ranges = [One(Name(""))] }), ArrivalOf("2001:db8::1", "docker0", s_docker)).At(IpAddress.Parse("2001:db8::1"), Cases.Web6.Destination, 40000, 80);
        Assert.Equal(ReachVerdict.Conditional, region.Verdict);
    }

    [Fact]
    public void Source_that_a_rule_wrote_is_not_the_one_that_was_sent()
    {
        AssignStep write = new(Source(IpVersion.V6), Constant(Bytes("fd17::9")));
        FirewallChain chain = Base("prerouting", HookPoint.Prerouting, -300, false, Rule(write), Rule(Is(s_firewalld, 0), Drop));

        Cases.Expect(ReachVerdict.Conditional, PacketFrom("2001:db8::1"), Rules(Table(TableFamily.Inet, "own", chain)), ArrivalOf("2001:db8::1", "docker0", s_docker));
    }

    [Theory]
    [InlineData("fd00::1", ReachVerdict.Conditional)] // the host itself, whose packets come back
    [InlineData("fd00::2", ReachVerdict.Blocked)]
    public void Host_that_sends_to_a_group_hears_itself(string source, ReachVerdict expected) =>
        Cases.Expect(expected, PacketFrom(source), Firewalld(s_firewalld), ArrivalOf(source, "docker0", s_docker) with { IsToGroup = true });

    [Theory]
    [InlineData(true, ReachVerdict.Conditional)]
    [InlineData(false, ReachVerdict.Blocked)]
    public void Internet_does_not_reach_a_host_that_has_no_route_to_it(bool hasDefault, ReachVerdict expected)
    {
        NetworkNamespace host = Facts.Network(Facts.Host, NetworkNamespace.HostName) with
        {
            Interfaces =
            [
                new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("fd00::1")] },
                new NetworkInterface { Index = 3, Name = "docker0", IsUp = true, Addresses = [IpAddress.Parse("fd17::1")] },
            ],
            Routes = hasDefault ? [s_docker, s_default] : [s_docker],
        };
        Listener listener = ListenerTable.From(Facts.Snapshot(Facts.Socket(Core.Model.Protocol.Tcp, "::", 80) with { Backlog = 1 })).Single();

        Exposure internet = Exposures.Of(listener, new NamespaceFirewall(host, Firewalld(s_firewalld)), ZoneSources.Of(null, host)).Single(one => one.Zone == Zone.Internet);

        Assert.Equal(expected, internet.Verdict);
    }

    private static ReachRegion Expect(ReachVerdict verdict, Ruleset rules, string source, string entrance, params NetworkRoute[] routes) =>
        Cases.Expect(verdict, PacketFrom(source), rules, ArrivalOf(source, entrance, routes));

    private static Ruleset Prerouting(params RuleStep[] drops) => Rules(Table(TableFamily.Inet, "firewalld", Base("prerouting", HookPoint.Prerouting, 10, false, Rule([.. drops, Drop]))));

    private static PacketField Asked(string name, int length) => new(FieldSource.Route, name, 0, length);

    private static Packet PacketFrom(string source) => (IpAddress.Parse(source).Version == IpVersion.V4 ? Cases.Web : Cases.Web6) with { Source = IpAddress.Parse(source) };

    private static Arrival ArrivalOf(string source, string entrance, params NetworkRoute[] routes)
    {
        Arrival arrival = Cases.ArrivalOf(PacketFrom(source));
        return arrival with { Interface = arrival.Interfaces.First(one => one.Name == entrance), Routes = [.. routes] };
    }

    private static NetworkRoute Route(string block, int device)
    {
        string[] parts = block.Split('/');
        return new NetworkRoute(IpAddress.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture), device);
    }
}
