using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Tests.Firewall;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>How an answer tells the sources that were asked for by the name of a zone: by that name to people, by all addresses to programs.</summary>
public sealed class ZoneAnswerTests
{
    private static readonly HostPolicy s_policy = Facts.Policy("zones: { office: [198.51.100.0/24, 192.0.2.0/25] }\nroles: []");

    [Theory]
    [InlineData("office", "192.0.2.0/25, 198.51.100.0/24")]
    [InlineData(Zone.Private, "10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16")]
    [InlineData(Zone.Link, "169.254.0.0/16")]
    public void Answer_for_all_of_a_zone_says_its_name_and_lists_its_addresses(string zone, string all)
    {
        ReachAnswer answer = Assert.Single(Answers(zone, Rule(Cases.Accept)));

        Assert.Equal((zone, all), (answer.FromInShort, answer.From));
    }

    [Fact]
    public void Answer_for_a_part_of_a_zone_does_not_say_its_name()
    {
        ImmutableArray<ReachAnswer> answers = Answers("office", Rule(Between(Source(IpVersion.V4), Bytes("198.51.100.0"), Bytes("198.51.100.127")), Cases.Accept));

        Assert.Equal(
            [(ReachVerdict.Reachable, "198.51.100.0/25"), (ReachVerdict.Blocked, "192.0.2.0/25, 198.51.100.128/25")],
            answers.Select(answer => (answer.Verdict, answer.From)));
        Assert.All(answers, answer => Assert.Equal(answer.From, answer.FromInShort));
    }

    [Fact]
    public void Zone_is_named_port_by_port()
    {
        ImmutableArray<ReachAnswer> answers = Answers("office", Rule(Between(SourcePort, Bytes(0, 2), Bytes(1023, 2)), Cases.Accept));

        Assert.Equal(
            [(ReachVerdict.Reachable, "office from source ports 0-1023"), (ReachVerdict.Blocked, "office from source ports 1024-65535")],
            answers.Select(answer => (answer.Verdict, answer.FromInShort)));
    }

    [Fact]
    public void Same_addresses_are_not_the_zone_where_none_was_asked_for()
    {
        ReachAnswer answer = Assert.Single(Answers(null, Rule(Cases.Accept)));

        Assert.Equal(("any", "any"), (answer.FromInShort, answer.From));
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(443, false)] // no packet that was asked about reaches it
    public void Rule_that_is_not_understood_is_a_gap_where_it_is_reached(int port, bool isReached)
    {
        FirewallTable table = Cases.Input(Rule(Is(Fields.Protocol, 6), Is(Port, (ulong)port), new OpaqueStep("xt bpf")), Rule(Cases.Accept));

        ReachReport report = Report("office", table);

        Assert.Equal(isReached ? ReachVerdict.Conditional : ReachVerdict.Reachable, Assert.Single(report.Answers).Verdict);
        Assert.Equal(
            isReached ? [("firewall rules", "not understood: inet filter input: tcp dport 80 (xt bpf)")] : [],
            report.Gaps.Select(gap => (gap.What, gap.Why)));
    }

    private static ImmutableArray<ReachAnswer> Answers(string? zone, params FirewallRule[] rules) => Report(zone, Cases.Input(rules)).Answers;

    private static ReachReport Report(string? zone, FirewallTable table) => ReachTable.Of(Facts.Network(Facts.Host, NetworkNamespace.HostName), Rules(table), new ReachInquiry([(80, Core.Model.Protocol.Tcp)], null, zone), s_policy);
}
