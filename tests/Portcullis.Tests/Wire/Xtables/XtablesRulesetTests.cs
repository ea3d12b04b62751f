using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Core.Wire.Xtables;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Cli;
using Portcullis.Tests.Text;
using Portcullis.Tests.Wire.Nft;
using Xunit;

namespace Portcullis.Tests.Wire.Xtables;

/// <summary>
/// Tables of the older iptables as the real kernel told them (Linux 6.18), and what was made of them. The golden text was compared with the source
/// beside each, rule by rule.
/// </summary>
public sealed class XtablesRulesetTests
{
    private const int InputHead = 36 + 4; // hook_entry[NF_INET_LOCAL_IN]
    private const int InputUnderflow = 56 + 4;
    private const int NextOffset = 90; // offsetof(struct ipt_entry, next_offset)
    private const int TargetOffset = 88;

    [Theory]
    [InlineData("filter.iptables")]
    [InlineData("filter.ip6tables")]
    [InlineData("nat.iptables")]
    public void Table_of_the_kernel_is_decoded_step_by_step(string name) =>
        Golden.Matches(name + ".txt", RulesetText.Of(XtablesRuleset.Decode([Fixture(name)])));

    [Fact]
    public void Whatever_comes_is_survived()
    {
        byte[] valid = [.. Fixture("filter.iptables").Info.Span, .. Fixture("filter.iptables").Entries.Span];
        TextFuzz.RunBytes(valid, bytes =>
        {
            Ruleset ruleset = XtablesRuleset.Decode([Split("ip filter", bytes), Split("ip6 filter", bytes)]);
            Assert.Equal(2, ruleset.Tables.Length);
        });
    }

    [Fact]
    public void Mutations_of_every_construct_are_survived()
    {
        byte[] valid = [.. Fixture("filter.iptables").Info.Span, .. Fixture("filter.iptables").Entries.Span];
        Random random = new(20261121);
        Stopwatch clock = Stopwatch.StartNew();
        for (int round = 0; clock.ElapsedMilliseconds < 1000 || round < 20; round++)
        {
            byte[] bytes = [.. valid];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.Single(XtablesRuleset.Decode([Split("ip filter", bytes)]).Tables);
        }
    }

    /// <summary>A changed byte of the layout; the reason stands behind it.</summary>
    [Theory]
    [InlineData(NextOffset, 0)] // an entry of no length, which a walk would never leave
    [InlineData(NextOffset, 0xff)] // one that is not a multiple of eight
    [InlineData(NextOffset + 1, 0xff)] // one that reaches beyond the table
    [InlineData(TargetOffset, 0)] // a target in the middle of what is matched
    [InlineData(TargetOffset + 1, 0xff)] // a target behind its entry
    public void Malformed_table_may_do_anything_and_is_told(int at, byte value)
    {
        LegacyTable valid = Fixture("filter.iptables");
        byte[] entries = valid.Entries.ToArray();
        entries[XtablesRequest.EntriesOffset + at] = value;

        Ruleset ruleset = XtablesRuleset.Decode([valid with { Entries = entries }]);

        Assert.Contains("malformed", Assert.Single(ruleset.Unread), StringComparison.Ordinal);
        Assert.All(ruleset.Tables[0].Chains, chain => Assert.IsType<OpaqueStep>(chain.Rules.Single().Steps.Single()));
        Assert.Equal(5, ruleset.Tables[0].Chains.Length);
    }

    [Theory]
    [InlineData(InputHead, 8)]
    [InlineData(InputHead, -8)]
    [InlineData(InputHead, 1 << 30)]
    [InlineData(InputUnderflow, 8)]
    [InlineData(InputUnderflow, -1_000_000)]
    public void Chain_that_begins_or_ends_nowhere_is_malformed(int at, int by)
    {
        LegacyTable valid = Fixture("filter.iptables");
        byte[] info = valid.Info.ToArray();
        BitConverter.TryWriteBytes(info.AsSpan(at), BitConverter.ToInt32(info, at) + by);

        Assert.Single(XtablesRuleset.Decode([valid with { Info = info }]).Unread);
        Assert.Empty(XtablesRuleset.Decode([valid]).Unread);
    }

    [Theory]
    [InlineData("ip broute")]
    [InlineData("arp filter")]
    [InlineData("filter")]
    [InlineData("")]
    public void Table_that_no_kernel_has_is_told(string name) =>
        Assert.Contains("is not known", Assert.Single(XtablesRuleset.Decode([Fixture("filter.iptables") with { Name = name }]).Unread), StringComparison.Ordinal);

    [Fact]
    public void Jump_into_the_middle_is_opaque_and_one_in_a_circle_ends()
    {
        LegacyTable valid = Fixture("filter.iptables");
        int web = Jumps(valid.Entries.Span, 0);
        byte[] middle = Patched(valid, web + 8);
        byte[] circle = Patched(valid, web);

        Assert.Contains(Rules(valid with { Entries = middle }), step => step is OpaqueStep { Text: var text } && text.StartsWith("verdict ", StringComparison.Ordinal));

        // The first rule of "web" now goes to "web".
        LegacyTable around = valid with { Entries = circle };
        Snapshot host = Host(around);
        ReachReport report = Reach(host, new ReachInquiry([(80, Protocol.Tcp)], IpAddress.Parse("192.0.2.1"), null));
        Assert.NotEmpty(report.Answers);
        Assert.All(report.Answers, answer => Assert.True(answer.Verdict is ReachVerdict.Conditional or ReachVerdict.Unknown));
    }

    [Fact]
    public void Rules_are_named_as_iptables_counts_them()
    {
        ReachReport report = Reach(Host(Fixture("filter.iptables")), new ReachInquiry([(80, Protocol.Tcp)], IpAddress.Parse("192.0.2.1"), null));

        Assert.Empty(report.Gaps);
        Assert.Contains(report.Answers, answer => answer is { Verdict: ReachVerdict.Blocked, By: "ip filter web rule 1: ip saddr 192.0.2.0/24 reject" });
    }

    [Fact]
    public void Table_that_is_named_and_was_not_read_leaves_everything_open()
    {
        Snapshot host = Host(Fixture("filter.iptables"));
        Snapshot unread = host with { Namespaces = [host.Namespaces[0] with { Rules = host.Namespaces[0].Rules! with { LegacyTables = ["ip filter", "ip raw"] } }] };

        ReachReport report = Reach(unread, new ReachInquiry(null, null, null));

        Assert.Empty(report.Answers);
        Assert.EndsWith("ip raw", Assert.Single(report.Gaps).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HookPoint.Prerouting, "nat", true)]
    [InlineData(HookPoint.Output, "nat", false)]
    [InlineData(HookPoint.Prerouting, "filter", false)]
    public void Two_that_translate_at_one_place_are_told(HookPoint point, string type, bool isTold)
    {
        LegacyTable nat = Fixture("nat.iptables");
        Snapshot host = Host(nat);
        byte[] nft = NftBuilder.Join([NftBuilder.Table(2, "n"), NftBuilder.BaseChain(2, "n", "c", point == HookPoint.Output ? 3u : 0, -100, type), NftBuilder.Rule(2, "n", "c", NftBuilder.Expression("counter"))]);
        Snapshot both = host with { Namespaces = [host.Namespaces[0] with { Rules = host.Namespaces[0].Rules! with { Messages = nft } }] };

        Assert.Equal(isTold, Reach(both, new ReachInquiry(null, null, null)).Gaps.Any(gap => gap.Why.Contains("translates first", StringComparison.Ordinal)));
        Assert.Empty(Reach(host, new ReachInquiry(null, null, null)).Gaps);
    }

    [Theory]
    [InlineData("filter", true)]
    [InlineData("", false)]
    [InlineData("a-name-that-is-as-long-as-32-bytes", false)]
    public void Question_names_the_table_as_the_kernel_keeps_names(string name, bool isName)
    {
        Assert.Equal(isName ? 32 : null, XtablesRequest.Info(name)?.Length);
        Assert.Equal(isName ? [0x10, 2, 0, 0, 0, 0, 0, 0] : null, XtablesRequest.Entries(name, 528)?[32..]);
    }

    /// <summary>A table of IPv4 that filters, with the chains "web" and "empty".</summary>
    internal static LegacyTable Filter => Fixture("filter.iptables");

    internal static LegacyTable Fixture(string name, [CallerFilePath] string here = "") =>
        Split($"{(name.EndsWith(".ip6tables", StringComparison.Ordinal) ? "ip6" : "ip")} {name.Split('.')[0]}", File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "fixtures", name + ".bin")));

    private static LegacyTable Split(string name, byte[] bytes) =>
        new(name, bytes.AsMemory(0, Math.Min(bytes.Length, XtablesRequest.InfoLength)), bytes.AsMemory(Math.Min(bytes.Length, XtablesRequest.InfoLength)));

    private static ReachReport Reach(Snapshot host, ReachInquiry inquiry) => WhoReaches.Of(host, RulesInQuestion.InForce(host), inquiry, null);

    private static Snapshot Host(LegacyTable table) => Facts.Snapshot() with
    {
        Namespaces = [Facts.Network(Facts.Host, NetworkNamespace.HostName) with { Rules = new RulesetDump { Messages = default, LegacyTables = [table.Name], Legacy = [table] } }],
    };

    private static ImmutableArray<RuleStep> Rules(LegacyTable table) =>
        [.. XtablesRuleset.Decode([table]).Tables[0].Chains.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps)];

    /// <summary>The n-th verdict that is a jump to a chain: where it leads. They are the last four bytes but four of an entry without a name of a target.</summary>
    private static int Jumps(ReadOnlySpan<byte> entries, int wanted)
    {
        for (int at = XtablesRequest.EntriesOffset; ; at += BitConverter.ToUInt16(entries[(at + NextOffset)..]))
        {
            int next = BitConverter.ToUInt16(entries[(at + NextOffset)..]);
            int verdict = BitConverter.ToInt32(entries[(at + next - 8)..]);
            if (entries[at + next - 40 + 2] == 0 && verdict > 0 && verdict != at + next - XtablesRequest.EntriesOffset && wanted-- == 0)
            {
                return verdict;
            }
        }
    }

    /// <summary>The table with the first rule of the chain "web", which rejects, made one that jumps.</summary>
    private static byte[] Patched(LegacyTable table, int to)
    {
        byte[] entries = table.Entries.ToArray();
        int rule = XtablesRequest.EntriesOffset + Jumps(entries, 0);
        int target = rule + BitConverter.ToUInt16(entries, rule + TargetOffset);
        entries.AsSpan(target + 2, 30).Clear();
        BitConverter.TryWriteBytes(entries.AsSpan(target + 32), to);
        return entries;
    }
}
