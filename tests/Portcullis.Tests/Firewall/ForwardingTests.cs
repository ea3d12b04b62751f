using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.Tests.Firewall;

/// <summary>Where the kernel passes nothing on, no rule is asked about packets for others.</summary>
public sealed class ForwardingTests
{
    [Theory]
    [InlineData(true, null, ReachVerdict.Reachable)]
    [InlineData(null, false, ReachVerdict.Reachable)] // not known; the other version's switch says nothing
    [InlineData(false, true, ReachVerdict.Blocked)]
    public void Translated_packet_needs_forwarding(bool? forwards4, bool? forwards6, ReachVerdict expected)
    {
        ReachRegion region = Cases.Expect(expected, Cases.Web, Translating("172.17.0.2"), Arrival(Cases.Web, forwards4, forwards6));
        Assert.Equal(expected == ReachVerdict.Blocked ? "forwarding is off (net.ipv4.conf.eth0.forwarding = 0)" : "ip nat p: dnat to 172.17.0.2", region.By?.ToString());
    }

    [Theory]
    [InlineData(false, true, ReachVerdict.Reachable)]
    [InlineData(true, false, ReachVerdict.Blocked)]
    public void Packet_sent_to_another_host_needs_it_too(bool? forwards4, bool? forwards6, ReachVerdict expected)
    {
        Arrival arrival = Arrival(Cases.Web6, forwards4, forwards6);
        ReachRegion region = Cases.Expect(expected, Cases.Web6, new Ruleset { Tables = [] }, arrival with { Onward = arrival.Interfaces[1] });
        Assert.Equal(expected == ReachVerdict.Blocked ? "forwarding is off (net.ipv6.conf.all.forwarding = 0)" : null, region.By?.ToString());
    }

    [Theory]
    [InlineData("172.17.0.1")] // another of its own addresses
    [InlineData(null)]
    public void Packet_for_this_host_does_not(string? to) =>
        Cases.Expect(ReachVerdict.Reachable, Cases.Web, to is null ? new Ruleset { Tables = [] } : Translating(to), Arrival(Cases.Web, false, false));

    private static Arrival Arrival(Packet packet, bool? forwards4, bool? forwards6)
    {
        Arrival arrival = Cases.ArrivalOf(packet);
        return arrival with { Interface = arrival.Interface with { Forwards4 = forwards4, Forwards6 = forwards6 } };
    }

    private static Ruleset Translating(string to) => Fields.Rules(Fields.Table(
        TableFamily.Ip, "nat", Fields.Nat("p", HookPoint.Prerouting, -100, Fields.Rule(new TranslateStep(TranslationKind.Destination, Fields.Constant(Fields.Bytes(to)), null)))));
}
