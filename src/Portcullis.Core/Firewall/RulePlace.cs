using System.Globalization;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Where it was decided: a rule, or the policy of a base chain.</summary>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule; null for the chain's policy.</param>
public sealed record RulePlace(FirewallTable Table, FirewallChain Chain, FirewallRule? Rule)
{
    /// <summary>As the user finds it: "inet filter input handle 9: tcp dport 443 accept", "inet filter input policy drop".</summary>
    public override string ToString()
    {
        string chain = $"{Table.Family.ToString().ToLowerInvariant()} {Table.Name} {Chain.Name}";
        return Rule is null ? $"{chain} policy {(Chain.Hook?.DropsByDefault == true ? "drop" : "accept")}"
            : Rule.Handle is ulong handle ? string.Create(CultureInfo.InvariantCulture, $"{chain} handle {handle}: {RuleText.Of(Rule, Table)}")
            : Rule.Number is int number ? string.Create(CultureInfo.InvariantCulture, $"{chain} rule {number}: {RuleText.Of(Rule, Table)}")
            : $"{chain}: {RuleText.Of(Rule, Table)}";
    }
}
