using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Xtables;
using Portcullis.KernelTests.Firewall;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Source;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>The older iptables' tables in a namespace of the test's own, read as Portcullis reads them, beside what iptables says of the same.</summary>
public sealed class ReadLegacyTests
{
    [Theory]
    [InlineData("iptables", true)]
    [InlineData("ip6tables", false)]
    public async Task Chains_policies_and_rules_are_those_that_are_saved(string program, bool isV4)
    {
        using Network network = await Network.Create();
        for (int seed = 1; seed <= 12; seed++)
        {
            string file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, new RandomSave(new Random(seed), isV4).Save(seed * 4), TestContext.Current.CancellationToken);
            (await network.Run($"{program}-legacy-restore", file)).MustSucceed();
            File.Delete(file);
            string saved = (await network.Run($"{program}-legacy-save")).MustSucceed();

            RulesetDump dump = network.Do(Read);
            Ruleset ruleset = XtablesRuleset.Decode(dump.Legacy);

            Assert.Equal(dump.LegacyTables, dump.Legacy.Select(table => table.Name));
            Assert.Empty(ruleset.Unread);
            Assert.Equal(Listed(saved), ruleset.Tables.SelectMany(Described).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Nothing_is_made_by_looking()
    {
        using Network network = await Network.Create();
        (await network.Run("iptables-legacy", "-t", "mangle", "-L")).MustSucceed();

        Assert.Equal(["ip mangle"], network.Do(Read).LegacyTables);
        Assert.Equal(["ip mangle"], network.Do(Read).Legacy.Select(table => table.Name));
    }

    /// <summary>"filter INPUT DROP 7": the number of rules.</summary>
    private static IEnumerable<string> Listed(string saved)
    {
        List<string> chains = [];
        string[] lines = saved.Split('\n');
        string table = "";
        foreach (string line in lines)
        {
            table = line.StartsWith('*') ? line[1..] : table;
            if (line.StartsWith(':'))
            {
                string[] words = line[1..].Split(' ');
                int start = Array.IndexOf(lines, "*" + table);
                int count = lines.Skip(start).TakeWhile(one => one != "COMMIT").Count(one => one.StartsWith($"-A {words[0]} ", StringComparison.Ordinal) || one == $"-A {words[0]}");
                chains.Add(string.Create(CultureInfo.InvariantCulture, $"{table} {words[0]} {words[1]} {count}"));
            }
        }

        return chains.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Described(FirewallTable table) => table.Chains.Select(chain => string.Create(
        CultureInfo.InvariantCulture,
        $"{table.Name} {chain.Name} {(chain.Hook is null ? "-" : chain.Hook.DropsByDefault ? "DROP" : "ACCEPT")} {chain.Rules.Select(rule => rule.Number).Distinct().Count()}"));

    private static RulesetDump Read()
    {
        RulesAnswer? answer = null;
        _ = new LiveNetworkSource().Visit(new NamespaceHandle(0, null), door => answer = RuleTables.Read(door));
        Assert.Equal(0, answer!.LegacyError);
        return answer.Dump!;
    }
}
