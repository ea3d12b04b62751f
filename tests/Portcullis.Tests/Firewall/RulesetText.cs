using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Writes a ruleset for whoever reads a failure.</summary>
internal static class RulesetText
{
    internal static string Of(Ruleset ruleset)
    {
        StringBuilder text = new();
        foreach (FirewallTable table in ruleset.Tables)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"table {table.Family} {table.Name}{(table.IsDormant ? " dormant" : "")}");
            foreach (FirewallSet set in table.Sets.Where(set => table.Chains.Any(chain => chain.Rules.Any(rule => RuleText.Of(rule, table).Contains("@" + set.Name, System.StringComparison.Ordinal)))))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  set {set.Name} keys {FieldText.Hex(set.Keys)} verdicts {string.Join(',', set.Verdicts.Select(RuleText.Of))} data {FieldText.Hex(set.Data)} dynamic {set.IsDynamic} timeouts {set.HasTimeouts} catchall {set.HasCatchAll}");
            }

            foreach (FirewallChain chain in table.Chains)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  chain {chain.Name} {chain.Hook?.Type} {chain.Hook?.Point} {chain.Hook?.Priority} {(chain.Hook?.DropsByDefault == true ? "drop" : "")}");
                foreach (FirewallRule rule in chain.Rules)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"    {RuleText.Of(rule, table)}");
                }
            }
        }

        return text.ToString();
    }
}
