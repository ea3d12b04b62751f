using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Rulesets;
using Portcullis.Tests.Cli;
using Portcullis.Tests.Text;
using Portcullis.Tests.Wire.Nft;
using Xunit;

namespace Portcullis.Tests.Wire.Ipset;

/// <summary>Sets of ipset as the real kernel told them, beside the rules of iptables that look them up; fixtures/sets.sh made both.</summary>
public sealed class IpsetsTests
{
    [Fact]
    public void Rules_with_sets_are_decoded_step_by_step() => Golden.Matches("sets.txt", RulesetText.Of(Decoded(Fixture("sets.ipset"))));

    [Fact]
    public void Without_the_sets_every_rule_depends_on_its_own()
    {
        Ruleset without = Decoded([]);

        Assert.DoesNotContain(Steps(without), step => step is LookupStep);
        Assert.Contains(Steps(without), step => step is ChanceStep { Text: "in ipset #0 src", IsStable: true });
    }

    [Fact]
    public void Set_that_packets_are_added_to_is_dynamic_and_so_are_the_lists_that_hold_it()
    {
        Dictionary<string, FirewallSet> sets = Decoded(Fixture("sets.ipset")).Tables.SelectMany(table => table.Sets).DistinctBy(set => set.Name).ToDictionary(set => set.Name);

        Assert.True(sets["ipset banned"].IsDynamic);
        Assert.False(sets["ipset ip"].IsDynamic);
        Assert.False(sets["ipset many"].IsDynamic);
    }

    [Theory]
    [InlineData("sets.ipset")]
    [InlineData("sets.nft")]
    public void Whatever_comes_is_survived(string name)
    {
        byte[] other = Fixture(name == "sets.nft" ? "sets.ipset" : "sets.nft");
        TextFuzz.RunBytes(Fixture(name), bytes => DumpedRuleset.Decode(
            name == "sets.nft" ? new RulesetDump { Messages = bytes, Ipsets = other } : new RulesetDump { Messages = other, Ipsets = bytes }, out _));
    }

    [Fact]
    public void Cut_answer_leaves_no_set_whole()
    {
        byte[] whole = Fixture("sets.ipset");

        Assert.DoesNotContain(Sets(whole), set => set.IsIncomplete && set.Name is not "ipset ping");
        for (int length = 0; length < whole.Length; length++)
        {
            if (length > 0 && !Ends(whole).Contains(length))
            {
                Assert.All(Sets(whole[..length]), set => Assert.True(set.IsIncomplete));
            }
        }
    }

    [Fact]
    public void Asked_only_where_a_rule_names_one()
    {
        Assert.True(IpsetRequest.IsNeeded(Fixture("sets.nft"), []));
        Assert.False(IpsetRequest.IsNeeded(NftRulesetTests.Dump("xt.iptables"), []));
        LegacyTable table = new("ip filter", default, (byte[])[.. new byte[90], .. "set"u8, .. new byte[26], 4]);
        Assert.True(IpsetRequest.IsNeeded([], [table]));
        Assert.False(IpsetRequest.IsNeeded([], [table with { Entries = (byte[])[.. new byte[90], .. "sex"u8, .. new byte[26], 4] }]));
    }

    [Theory]
    [InlineData("hash:net,net", 8)] // which this kernel does not have
    [InlineData("hash:ip,mark", 8)]
    [InlineData("hash:net,port,net", 16)]
    public void Types_of_other_kernels_have_keys_of_their_form(string type, int length) => Assert.Equal(length, IpsetKind.Of(type)!.KeyLength(4));

    [Fact]
    public void Networks_to_the_last_address_end_there()
    {
        // ffff::/16 without ffff:…:ffff/128, and the other way round
        byte[] outer = [.. new byte[16], .. Enumerable.Repeat((byte)255, 16)];
        (outer[0], outer[1]) = (255, 255);
        byte[] inner = [.. Enumerable.Repeat((byte)255, 32)];

        Assert.Equal(254, Assert.Single(IpsetNetworks.Settle([.. outer, .. inner], [false, true], 16, 16).Chunk(32)).AsSpan()[^1]);
        Assert.Equal(inner, IpsetNetworks.Settle([.. outer, .. inner], [true, false], 16, 16));
    }

    private static IEnumerable<RuleStep> Steps(Ruleset ruleset) => ruleset.Tables.SelectMany(table => table.Chains).SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps);

    private static IEnumerable<FirewallSet> Sets(byte[] ipsets) => Decoded(ipsets).Tables.SelectMany(table => table.Sets);

    private static HashSet<int> Ends(byte[] messages)
    {
        HashSet<int> ends = [];
        for (int at = 0; at < messages.Length; at += Netlink.Align(BitConverter.ToInt32(messages, at)))
        {
            ends.Add(at);
        }

        return ends;
    }

    private static Ruleset Decoded(byte[] ipsets) => DumpedRuleset.Decode(new RulesetDump { Messages = Fixture("sets.nft"), Ipsets = ipsets }, out _);

    private static byte[] Fixture(string name, [CallerFilePath] string here = "") => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "fixtures", name));
}
