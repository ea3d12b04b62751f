using System;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>All that a table does, as text: two that do the same by the same rules read alike, whatever numbers the kernel gave them.</summary>
public static class TableText
{
    /// <summary>The text; not for people.</summary>
    public static string Of(FirewallTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return string.Join('\n',
        [
            $"{table.Family} {table.Name} {table.IsDormant}",
            .. table.Chains.OrderBy(static chain => chain.Name, StringComparer.Ordinal).SelectMany(chain => chain.Rules.Select(rule => $"{chain.Name} {chain.Hook}: {RuleText.Of(rule, table)}").Append($"{chain.Name} {chain.Hook}")),
            .. table.Sets.Select(static set => $"{(set.IsAnonymous ? "" : set.Name)} {set.KeyLength} {Convert.ToHexString(set.Keys.AsSpan())}").Order(StringComparer.Ordinal),
        ]);
    }
}
