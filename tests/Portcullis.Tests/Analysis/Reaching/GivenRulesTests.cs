using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Tests.Firewall;
using Xunit;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>A ruleset that is not in force, judged with the facts of a machine.</summary>
public sealed class GivenRulesTests
{
    private static readonly ReachInquiry Http = new([(80, Protocol.Tcp)], null, null);
    private static readonly ImmutableArray<RulesetScript> Listing = [new RulesetScript(ScriptFormat.Nft, "")];

    private static readonly Snapshot Host = Facts.Snapshot() with
    {
        Gaps = [new Gap("firewall rules", "not root", "run with sudo")],
        Namespaces =
        [
            Facts.Network(Facts.Host, NetworkNamespace.HostName) with
            {
                Rules = new RulesetDump { Messages = default, LegacyTables = ["ip filter"] },
                Interfaces =
                [
                    new NetworkInterface { Index = 1, Name = "lo", IsLoopback = true, IsUp = true, Addresses = [IpAddress.Parse("127.0.0.1")] },
                    new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("203.0.113.7"), IpAddress.Parse("2001:db8::7")] },
                ],
            },
        ],
    };

    [Fact]
    public void What_is_in_force_neither_decides_nor_is_missed()
    {
        ReachReport report = WhoReaches.Of(Host, RulesInQuestion.Given(Host, Given(), Listing), Http, null);

        Assert.Empty(report.Gaps);
        Assert.Equal([(IpVersion.V4, ReachVerdict.Reachable), (IpVersion.V6, ReachVerdict.Reachable)], report.Answers.Select(answer => (answer.Version, answer.Verdict)));
    }

    [Theory]
    [InlineData(ScriptFormat.Iptables, IpVersion.V4, "IPv6", "ip6tables-save")]
    [InlineData(ScriptFormat.Ip6tables, IpVersion.V6, "IPv4", "iptables-save")]
    public void Save_of_one_version_says_nothing_of_the_other(ScriptFormat format, IpVersion told, string untold, string tool)
    {
        ReachReport report = WhoReaches.Of(Host, RulesInQuestion.Given(Host, Given(), [new RulesetScript(format, "")]), Http, null);

        Assert.Equal([told], report.Answers.Select(answer => answer.Version));
        Gap gap = Assert.Single(report.Gaps);
        Assert.EndsWith(untold, gap.What, StringComparison.Ordinal);
        Assert.Contains($"what {tool} prints", gap.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_version_is_no_gap_where_it_was_not_asked_for() =>
        Assert.Empty(WhoReaches.Of(Host, RulesInQuestion.Given(Host, Given(), [new RulesetScript(ScriptFormat.Iptables, "")]), Http with { From = IpAddress.Parse("198.51.100.1") }, null).Gaps);

    [Theory]
    [InlineData("iif", true)]
    [InlineData("oif", true)]
    [InlineData("iifname", false)]
    public void Interface_without_its_index_matters_to_rules_that_go_by_it(string field, bool matters)
    {
        GivenRules given = Given(Fields.Is(new PacketField(FieldSource.Meta, field, 0, 4), 2)) with { Nameless = ["eth0"] };

        ImmutableArray<Gap> gaps = WhoReaches.Of(Host, RulesInQuestion.Given(Host, given, Listing), Http, null).Gaps;

        Assert.Equal(matters, gaps.Any(gap => gap.What.Contains("by index", StringComparison.Ordinal)));
        Assert.DoesNotContain(WhoReaches.Of(Host, RulesInQuestion.Given(Host, given with { Nameless = [] }, Listing), Http, null).Gaps, gap => gap.What.Contains("by index", StringComparison.Ordinal));
    }

    [Fact]
    public void Host_to_whose_addresses_nothing_could_come_is_a_gap_and_no_clean_answer()
    {
        Snapshot alone = Host with { Namespaces = [Host.Namespaces[0] with { Interfaces = [Host.Namespaces[0].Interfaces[0]] }] };

        Assert.Equal("who reaches what", Assert.Single(WhoReaches.Of(alone, RulesInQuestion.Given(alone, Given(), Listing), Http, null).Gaps).What);
    }

    private static GivenRules Given(params RuleStep[] steps) =>
        new(new Ruleset { Tables = [Cases.Input(new FirewallRule { Steps = [.. steps, Cases.Accept] })] }, null, []);
}
