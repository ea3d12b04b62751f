using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Source;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>Rulesets in namespaces of the test's own, read as Portcullis reads them, beside what nft says of the same.</summary>
public sealed class ReadRulesTests
{
    [Theory]
    [InlineData("native.nft", "nft", "-f")]
    [InlineData("xt.iptables", "iptables-nft-restore")]
    [InlineData("xt.ip6tables", "ip6tables-nft-restore")]
    public async Task Everything_that_nft_lists_is_read(string source, params string[] loader)
    {
        using Network network = await Network.Create();
        (await network.Run(loader[0], [.. loader[1..], Source(source)])).MustSucceed();
        using JsonDocument listed = JsonDocument.Parse((await network.Run("nft", "-j", "-n", "list", "ruleset")).MustSucceed());

        Ruleset ruleset = network.Do(Read);

        Assert.Empty(ruleset.Unread);
        NftListing listing = new(listed);
        Assert.Equal(listing.Tables, ruleset.Tables.Select(table => $"{Family(table)} {table.Name}").Order(StringComparer.Ordinal));
        Assert.Subset(ruleset.Tables.SelectMany(Chains).ToHashSet(), listing.Chains.ToHashSet());
        Assert.Subset(ruleset.Tables.SelectMany(Rules).ToHashSet(), listing.Rules.ToHashSet());
        Assert.Equal(listing.Sets, ruleset.Tables.SelectMany(table => table.Sets.Where(set => !set.IsAnonymous).Select(set => $"{Family(table)} {table.Name} {set.Name}")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(ruleset.Tables.SelectMany(table => table.Sets), set => set.IsIncomplete);
    }

    [Theory]
    [InlineData("native.nft", "nft", "-f")]
    [InlineData("xt.iptables", "iptables-nft-restore")]
    public async Task Ports_and_addresses_are_those_that_nft_says(string source, params string[] loader)
    {
        using Network network = await Network.Create();
        (await network.Run(loader[0], [.. loader[1..], Source(source)])).MustSucceed();
        using JsonDocument listed = JsonDocument.Parse((await network.Run("nft", "-j", "-n", "list", "ruleset")).MustSucceed());

        Dictionary<string, FirewallRule> rules = [];
        foreach (FirewallTable table in network.Do(Read).Tables)
        {
            foreach (FirewallRule rule in table.Chains.SelectMany(chain => chain.Rules))
            {
                rules.TryAdd(string.Create(CultureInfo.InvariantCulture, $"{Family(table)} {table.Name} {rule.Handle}"), rule);
            }
        }

        int compared = 0;
        foreach ((string rule, MatchStep wanted) in new NftListing(listed).Matches())
        {
            compared++;
            Assert.Contains(rules[rule].Steps.OfType<MatchStep>(), step => Text(step) == Text(wanted));
        }

        Assert.InRange(compared, 5, 1000);
    }

    [Fact]
    public async Task Only_what_is_known_to_be_opaque_is()
    {
        using Network network = await Network.Create();
        (await network.Run("iptables-nft-restore", Source("xt.iptables"))).MustSucceed();

        string[] opaque = [.. network.Do(Read).Tables.SelectMany(table => table.Chains).SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps).OfType<OpaqueStep>().Select(step => step.Text)];

        Assert.Equal(["xt match conntrack revision 3", "xt match length revision 0", "xt match physdev revision 0", "xt match string revision 1", "xt match u32 revision 0", "xt target NETMAP revision 0"], opaque.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Namespace_without_rules_has_an_empty_dump()
    {
        using Network network = await Network.Create();
        network.Do(() =>
        {
            Assert.True(Ask().Dump!.Messages.IsEmpty);
        });
    }

    [Fact]
    public async Task Set_of_a_hundred_thousand_ranges_is_read_whole()
    {
        const int Count = 100_000;
        using Network network = await Network.Create();
        string file = Path.GetTempFileName();
        StringBuilder script = new("table ip t { set s { type ipv4_addr; flags interval; elements = { ");
        for (int at = 0; at < Count; at++)
        {
            int number = at * 4;
            script.Append(CultureInfo.InvariantCulture, $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}-10.{number >> 16}.{(number >> 8) & 255}.{(number & 255) + 2},");
        }

        await File.WriteAllTextAsync(file, script.Append(" }; }\n}\n").ToString(), TestContext.Current.CancellationToken);
        (await network.Run("nft", "-f", file)).MustSucceed();
        File.Delete(file);

        network.Do(() =>
        {
            RulesAnswer answer = Ask();
            FirewallSet set = NftRuleset.Decode(answer.Dump!.Messages.Span).Tables[0].Sets[0];

            Assert.False(set.IsIncomplete);
            Assert.Equal(Count, set.Count);
            Assert.Equal([10, 0, 0, 4, 10, 0, 0, 6], set.Keys.AsSpan(8, 8).ToArray());
        });
    }

    [Fact]
    public async Task Rules_that_change_all_the_time_are_one_generation_or_a_gap()
    {
        using Network network = await Network.Create();
        (await network.Run("nft", "add table ip t; add chain ip t a; add chain ip t b")).MustSucceed();
        Task<Lab.CommandResult> changes = network.Run("bash", "-c", "for i in $(seq 60); do printf 'flush table ip t\\nadd rule ip t a counter\\nadd rule ip t b counter\\n' | nft -f -; done");
        while (!changes.IsCompleted)
        {
            RulesAnswer answer = network.Do(Ask);
            if (answer.Dump is not null)
            {
                // Both rules are written and taken away together.
                FirewallTable table = Assert.Single(NftRuleset.Decode(answer.Dump.Messages.Span).Tables);
                Assert.Equal(table.Chains[0].Rules.Length, table.Chains[1].Rules.Length);
            }
            else
            {
                Assert.NotNull(answer.Why);
            }
        }

        (await changes).MustSucceed();
    }

    private static RulesAnswer Ask()
    {
        RulesAnswer? answer = null;
        Assert.Equal(0, new LiveNetworkSource().Visit(new NamespaceHandle(0, null), door => answer = RuleTables.Read(door)));
        return answer!;
    }

    private static Ruleset Read() => NftRuleset.Decode(Ask().Dump!.Messages.Span);

    private static string Family(FirewallTable table) => NftListing.Word(table.Family.ToString());

    private static IEnumerable<string> Chains(FirewallTable table) => table.Chains.Select(chain => string.Create(
        CultureInfo.InvariantCulture,
        $"{Family(table)} {table.Name} {chain.Name} {(chain.Hook is BaseHook hook ? $"{NftListing.Word(hook.Point.ToString())} {hook.Priority} {hook.Type} {(hook.DropsByDefault ? "drop" : "accept")}" : "")}"));

    private static IEnumerable<string> Rules(FirewallTable table) => table.Chains.SelectMany(chain =>
        chain.Rules.Select(rule => rule.Handle).Distinct().Select((handle, at) => string.Create(CultureInfo.InvariantCulture, $"{Family(table)} {table.Name} {chain.Name} {at} {handle}")));

    private static string Text(MatchStep step) =>
        $"{step.Operand.Field} {step.Negated} {string.Join(",", step.Ranges.Select(range => Convert.ToHexString(range.First.AsSpan()) + "-" + Convert.ToHexString(range.Last.AsSpan())))}";

    private static string Source(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Portcullis.Tests", "Wire", "Nft", "fixtures", name));
}
