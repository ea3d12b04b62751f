using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>The rules of a ruleset one by one, each in a chain of its own at "input".</summary>
internal static class Alone
{
    private static readonly BaseHook Input = new(HookPoint.Input, 0, "filter", false, []);

    /// <summary>A ruleset for each rule, by the rule's table and handle. What it jumps to is empty.</summary>
    internal static IEnumerable<KeyValuePair<string, Ruleset>> Each(Ruleset ruleset)
    {
        foreach (FirewallTable table in ruleset.Tables)
        {
            ImmutableArray<FirewallChain> empty = [.. table.Chains.Select(chain => new FirewallChain { Name = chain.Name })];
            foreach (FirewallChain chain in table.Chains)
            {
                foreach (IGrouping<ulong?, FirewallRule> rule in chain.Rules.GroupBy(one => one.Handle))
                {
                    FirewallChain only = new() { Name = "(alone)", Hook = Input, Rules = [.. rule] };
                    FirewallTable alone = table with { Chains = [only, .. empty], IsDormant = false };
                    yield return new(string.Create(CultureInfo.InvariantCulture, $"{table.Family} {table.Name} {rule.Key}"), new Ruleset { Tables = [alone] });
                }
            }
        }
    }
}
