using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft;
using Portcullis.Tests.Text;
using Xunit;
using static Portcullis.Tests.Wire.Nft.NftBuilder;

namespace Portcullis.Tests.Wire.Nft;

/// <summary>Dumps that no kernel of today makes.</summary>
public sealed class NftHostileTests
{
    private const byte Ip = 2;
    private static readonly byte[] Accept = Expression("immediate", Number(1, 0), Nest(2, Nest(2, Number(1, 1))));

    [Fact]
    public void Whatever_comes_is_survived() => TextFuzz.RunBytes(NftRulesetTests.Fixture("xt.ip6tables"), bytes => NftRuleset.Decode(bytes));

    [Fact]
    public void Mutations_of_every_construct_are_survived()
    {
        byte[] valid = NftRulesetTests.Fixture("native.nft");
        Random random = new(20261121);
        Stopwatch clock = Stopwatch.StartNew();
        for (int round = 0; clock.ElapsedMilliseconds < 1000 || round < 20; round++)
        {
            byte[] bytes = [.. valid];
            for (int change = 0; change < 40; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            NftRuleset.Decode(bytes);
        }
    }

    [Fact]
    public void Cut_dump_is_never_taken_for_a_whole_one()
    {
        byte[] valid = NftRulesetTests.Fixture("xt.ip6tables");
        HashSet<int> ends = [0];
        for (int at = 0; at < valid.Length; at += (BitConverter.ToInt32(valid, at) + 3) & ~3)
        {
            ends.Add(at);
        }

        Assert.Empty(NftRuleset.Decode(valid).Unread);
        for (int length = 1; length < valid.Length; length++)
        {
            Assert.Equal(!ends.Contains(length), !NftRuleset.Decode(valid.AsSpan(0, length)).Unread.IsEmpty);
        }
    }

    [Theory]
    [InlineData("counter", false)]
    [InlineData("future", true)]
    public void Rule_with_an_unknown_expression_is_opaque(string name, bool isOpaque) =>
        Assert.Equal(isOpaque, Steps(Expression(name), Accept).Any(step => step is OpaqueStep));

    [Theory]
    [InlineData(2, false)]
    [InlineData(9, true)]
    public void Attribute_that_is_not_known_makes_an_expression_opaque(int type, bool isOpaque) =>
        Assert.Equal(isOpaque, Steps(Expression("reject", Number(1, 1), Attribute(type, 1)), Accept).Any(step => step is OpaqueStep));

    [Fact]
    public void Comparison_of_a_register_that_nobody_filled_is_opaque() =>
        Assert.Contains(Steps(Expression("cmp", Number(1, 1), Number(2, 0), Nest(3, Attribute(1, 0, 80)))), step => step is OpaqueStep);

    /// <summary>Byte by byte is another order than that of a little-endian number.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public void Order_of_a_number_of_the_machine_is_opaque_and_equality_is_not(uint operation, bool isOpaque) =>
        Assert.Equal(isOpaque, Steps(Mark, Expression("cmp", Number(1, 1), Number(2, operation), Nest(3, Attribute(1, 1, 0, 0, 0)))).Any(step => step is OpaqueStep));

    /// <summary>As nft 1.0.6 writes "meta l4proto" in a key with ranges: one byte can't be turned by words of two.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Byte_order_of_less_than_a_word_changes_nothing(bool isByte)
    {
        byte[] turned = Expression("byteorder", Number(1, 1), Number(2, 1), Number(3, 1), Number(4, isByte ? 1u : 4u), Number(5, 2));
        byte[] load = isByte ? Expression("meta", Number(1, 1), Number(2, 16)) : Mark;
        ImmutableArray<RuleStep> steps = Steps(load, turned, Expression("cmp", Number(1, 1), Number(2, 0), Nest(3, Attribute(1, isByte ? [6] : [6, 0, 0, 0]))));

        Assert.Equal(!isByte, Assert.Single(steps) is ChanceStep);
        Assert.Equal(isByte, steps[0] is MatchStep { Operand.Field.Name: "l4proto" });
    }

    [Fact]
    public void Set_that_two_rules_read_in_different_byte_orders_is_opaque_for_the_second()
    {
        byte[] address = Expression("payload", Number(1, 1), Number(2, 1), Number(3, 12), Number(4, 4));
        byte[] lookup = Expression("lookup", NftBuilder.Text(1, "s"), Number(2, 1));
        Ruleset ruleset = NftRuleset.Decode(Join(
        [
            Table(Ip, "t"), Chain(Ip, "t", "c"), Set(Ip, "t", "s", 0, 4), Elements(Ip, "t", "s", Element([1, 0, 0, 0])),
            Rule(Ip, "t", "c", Mark, lookup), Rule(Ip, "t", "c", address, lookup), Rule(Ip, "t", "c", Mark, lookup),
        ]));

        FirewallTable table = Assert.Single(ruleset.Tables);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1], table.Sets[0].Keys.ToArray());
        Assert.IsType<LookupStep>(table.Chains[0].Rules[0].Steps.Single());
        Assert.IsType<OpaqueStep>(table.Chains[0].Rules[1].Steps.Single());
        Assert.IsType<LookupStep>(table.Chains[0].Rules[2].Steps.Single());
    }

    [Fact]
    public void Rule_of_a_chain_that_was_not_told_is_unread() =>
        Assert.Single(NftRuleset.Decode(Join([Table(Ip, "t"), Rule(Ip, "t", "gone", Accept)])).Unread);

    [Theory]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public void Element_of_another_length_makes_a_set_incomplete(int length, bool isIncomplete) => Assert.Equal(isIncomplete, NftRuleset.Decode(Join(
        [Table(Ip, "t"), Set(Ip, "t", "s", 0, 4), Elements(Ip, "t", "s", Element(new byte[length]))])).Tables[0].Sets[0].IsIncomplete);

    [Fact]
    public void Chains_that_jump_in_a_circle_are_only_names()
    {
        byte[] jump = Expression("immediate", Number(1, 0), Nest(2, Nest(2, Number(1, 0xfffffffd), NftBuilder.Text(2, "c"))));
        Assert.Equal(new VerdictStep(new RuleVerdict(VerdictKind.Jump, "c")), Steps(jump).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Million_ranges_are_read_in_bounded_memory(bool isShuffled)
    {
        const int Count = 1_000_000;
        int[] order = [.. Enumerable.Range(0, Count).Reverse()];
        if (isShuffled)
        {
            new Random(20261121).Shuffle(order);
        }

        List<byte[]> messages = [Table(Ip, "t"), Set(Ip, "t", "s", 4, 4)];
        foreach (int[] chunk in order.Chunk(500))
        {
            messages.Add(Elements(Ip, "t", "s", [.. chunk.SelectMany(at => new[] { Element(Key((at * 4) + 3), 1), Element(Key(at * 4)) })]));
        }

        byte[] dump = Join(messages);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FirewallSet set = NftRuleset.Decode(dump).Tables[0].Sets[0];

        Assert.False(set.IsIncomplete);
        Assert.Equal(Count, set.Count);
        Assert.Equal([0, 0, 0, 4, 0, 0, 0, 6], set.Keys.AsSpan(8, 8).ToArray());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256L << 20);
    }

    private static byte[] Mark => Expression("meta", Number(1, 1), Number(2, 3));

    private static byte[] Key(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static ImmutableArray<RuleStep> Steps(params byte[][] expressions) =>
        NftRuleset.Decode(Join([Table(Ip, "t"), Chain(Ip, "t", "c"), Rule(Ip, "t", "c", expressions)])).Tables[0].Chains[0].Rules[0].Steps;
}
