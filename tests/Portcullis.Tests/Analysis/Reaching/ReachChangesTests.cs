using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Tests.Firewall;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>What a change of rules opens and closes.</summary>
public sealed class ReachChangesTests
{
    private static readonly ReachInquiry All = new(null, null, null);
    private static readonly Ruleset Web = Rules(Cases.Input(Rule(Is(Fields.Protocol, 6), Is(Port, 80), Cases.Accept)));

    [Fact]
    public void Same_packets_by_other_lines_are_no_change()
    {
        Ruleset other = Rules(Cases.Input(Rule(Is(Fields.Protocol, 6), Between(Port, Bytes(80, 2), Bytes(80, 2)), Cases.Accept), Rule(Cases.Drop)));
        Assert.Empty(Changes(Web, other, All));
    }

    [Fact]
    public void Opened_and_closed_packets_are_told_each_once_with_the_rules_that_decide()
    {
        Ruleset next = Rules(Cases.Input(Rule(Is(Fields.Protocol, 6), Is(Port, 443), Cases.Accept)));
        ImmutableArray<ReachChange> changes = Changes(Web, next, All);

        Assert.Equal(["opens 443/Tcp any", "closes 80/Tcp any"], changes.Select(Text));
        Assert.Equal("inet filter input policy drop", changes[0].WasBy);
        Assert.Equal("inet filter input: tcp dport 443 accept", changes[0].Is.By);
    }

    [Fact]
    public void Only_the_sources_that_fare_otherwise_are_told()
    {
        MatchStep From(string first, string last) => Between(Source(IpVersion.V4), Bytes(first), Bytes(last));
        Ruleset wide = Rules(Cases.Input(Rule(From("10.0.0.0", "10.255.255.255"), Is(Fields.Protocol, 6), Is(Port, 22), Cases.Accept)));
        Ruleset narrow = Rules(Cases.Input(Rule(From("10.0.0.0", "10.127.255.255"), Is(Fields.Protocol, 6), Is(Port, 22), Cases.Accept)));

        Assert.Equal(["closes 22/Tcp 10.128.0.0/9"], Changes(wide, narrow, All).Select(Text));
        Assert.Equal(["opens 22/Tcp 10.128.0.0/9"], Changes(narrow, wide, All).Select(Text));
    }

    [Fact]
    public void Packets_that_go_elsewhere_are_told_though_they_got_in_before()
    {
        Ruleset To(string address) => Rules(Table(TableFamily.Ip, "nat", Nat("pre", HookPoint.Prerouting, -100, Rule(Is(Fields.Protocol, 6), Is(Port, 80), new TranslateStep(TranslationKind.Destination, Constant(Bytes(address)), Constant(Bytes(80, 2)))))));
        ReachChange change = Assert.Single(Changes(To("172.17.0.2"), To("172.17.0.3"), All));

        Assert.False(change.Opens || change.Closes);
        Assert.Equal(("172.17.0.2:80", "172.17.0.3:80"), (change.WasTo, change.Is.To));
    }

    private static ImmutableArray<ReachChange> Changes(Ruleset before, Ruleset after, ReachInquiry inquiry)
    {
        ReachDifference difference = ReachChanges.Of(Facts.Network(1, NetworkNamespace.HostName), before, after, inquiry, null);
        Assert.Empty(difference.Gaps);
        return difference.Changes;
    }

    private static string Text(ReachChange change) =>
        $"{(change.Opens ? "opens" : change.Closes ? "closes" : "moves")} {change.Is.Ports[0].First}/{change.Is.Protocol} {change.Is.From}";
}
