using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire;
using Portcullis.Core.Wire.Nft;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Wire.Nft;

/// <summary>What the kernel told of rules becomes messages that make the same rules. That it takes them, the kernel tests show.</summary>
public sealed class NftTransplantTests
{
    private const ushort BatchBegin = 0x10; // linux/netfilter/nfnetlink.h
    private const ushort BatchEnd = 0x11;

    [Theory]
    [InlineData("published.nft")]
    [InlineData("native.nft")]
    [InlineData("firewalld.nft")]
    [InlineData("ufw.iptables")]
    [InlineData("xt.iptables")]
    public void Nothing_is_lost_but_handles(string fixture)
    {
        byte[] dump = NftRulesetTests.Fixture(fixture);
        List<byte> messages = [];
        foreach (byte[] batch in NftTransplant.Batches(dump))
        {
            (ushort Type, ushort Flags)[] types = Types(batch);
            Assert.Equal((BatchBegin, BatchEnd), (types[0].Type, types[^1].Type));
            Assert.Equal([types.Length - 2], Enumerable.Range(0, types.Length).Where(at => (types[at].Flags & Netlink.NLM_F_ACK) != 0)); // one answer a batch
            messages.AddRange(batch);
        }

        Ruleset told = NftRuleset.Decode(dump);
        Ruleset made = NftRuleset.Decode([.. messages]);
        Assert.NotEmpty(told.Tables);
        Assert.Equal(Lines(told), Lines(made));
        Assert.DoesNotContain(made.Tables, static table => table.Sets.Any(static set => set.IsAnonymous) || table.Chains.Any(static chain => chain.Rules.Any(static rule => rule.Handle is not null)));
    }

    [Fact]
    public void Extension_of_iptables_is_told_the_protocol_of_its_rule()
    {
        // iptables -p tcp -m tcpmss: the kernel refuses it for a rule that does not say so.
        byte[] all = [.. NftTransplant.Batches(NftRulesetTests.Fixture("xt.iptables")).SelectMany(static batch => batch)];
        byte[] compat = [20, 0, 5, 0x80, 8, 0, 1, 0, 0, 0, 0, 6, 8, 0, 2, 0, 0, 0, 0, 0]; // NFTA_RULE_COMPAT { PROTO 6, FLAGS 0 }

        Assert.True(all.AsSpan().IndexOf(compat) >= 0);
        Assert.True(((ReadOnlySpan<byte>)NftTransplant.Batches(NftRulesetTests.Published).SelectMany(static batch => batch).ToArray()).IndexOf(compat) < 0);
    }

    [Fact]
    public void Spoiled_dumps_never_throw()
    {
        byte[] valid = NftRulesetTests.Published;
        TextFuzz.RunBytes(valid[..Math.Min(valid.Length, 3_000)], static spoiled => _ = NftTransplant.Batches(spoiled));
    }

    private static IEnumerable<string> Lines(Ruleset ruleset) => ruleset.Tables.SelectMany(static table => (IEnumerable<string>)
    [
        $"{table.Family} {table.Name} {table.IsDormant}",
        .. table.Sets.Select(static set => $"{set.Name} {set.KeyLength} {Convert.ToHexString([.. set.Keys])} {string.Join(',', set.Verdicts)} {Convert.ToHexString([.. set.Data])} {set.IsDynamic} {set.HasTimeouts} {set.HasCatchAll} {set.IsIncomplete}").Order(StringComparer.Ordinal),
        .. table.Chains.SelectMany(static chain => (IEnumerable<string>)[$"{chain.Name} {chain.Hook}", .. chain.Rules.Select(static rule => $"{rule.Comment}: {string.Join("; ", rule.Steps)}")]),
    ]);

    private static (ushort Type, ushort Flags)[] Types(byte[] batch)
    {
        List<(ushort, ushort)> types = [];
        NetlinkMessages messages = new(batch);
        while (messages.Next())
        {
            types.Add((messages.Type, messages.Flags));
        }

        return [.. types];
    }
}
