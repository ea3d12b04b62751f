using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>A ruleset's tables, chains, hooks and named sets with their elements, in words.</summary>
internal static class Structure
{
    /// <param name="ruleset">The rules.</param>
    /// <param name="hasBlanks">Whether nft leaves something out, such as chains without a name.</param>
    internal static IEnumerable<string> Of(Ruleset ruleset, bool hasBlanks) =>
        [.. ruleset.Tables.SelectMany(table => (IEnumerable<string>)
        [
            $"{Name(table)}{(table.IsDormant ? " dormant" : "")}",
            .. table.Chains.Where(chain => !hasBlanks || !chain.Name.StartsWith("__chain", StringComparison.Ordinal)).SelectMany(chain => Chain(table, chain)),
            .. table.Sets.Where(set => !set.IsAnonymous).Select(set => Set(table, set)),
        ]).Order(StringComparer.Ordinal)];

    private static string Name(FirewallTable table) => $"{table.Family} {table.Name}";

    private static IEnumerable<string> Chain(FirewallTable table, FirewallChain chain)
    {
        string hook = chain.Hook is BaseHook own
            ? string.Create(CultureInfo.InvariantCulture, $"{own.Point} {own.Priority} {own.Type} {(own.DropsByDefault ? "drop" : "accept")} {string.Join(',', own.Devices)}")
            : "";
        IEnumerable<ulong?> handles = chain.Rules.Select(rule => rule.Handle).Distinct();
        return [$"{Name(table)} {chain.Name} {hook}: {string.Join(' ', handles)}"];
    }

    private static string Set(FirewallTable table, FirewallSet set)
    {
        if (set.IsIncomplete)
        {
            return $"{Name(table)} {set.Name} incomplete";
        }

        string form = string.Create(CultureInfo.InvariantCulture, $"{set.KeyLength} {set.DataLength}{(set.IsDynamic ? " dynamic" : "")}{(set.HasTimeouts ? " timeouts" : "")}{(set.HasCatchAll ? " catch-all" : "")}");
        return $"{Name(table)} {set.Name} {form}: {(set.IsDynamic ? "" : string.Join(' ', Elements(set)))}";
    }

    private static IEnumerable<string> Elements(FirewallSet set)
    {
        string[] all = [.. Enumerable.Range(0, set.Count).Select(at =>
            Hex(set.Keys, 2 * at * set.KeyLength, set.KeyLength) + "-" + Hex(set.Keys, ((2 * at) + 1) * set.KeyLength, set.KeyLength)
            + (set.DataLength > 0 ? ":" + Hex(set.Data, at * set.DataLength, set.DataLength) : "")
            + (set.Verdicts.Length > at ? $":{set.Verdicts[at].Kind} {set.Verdicts[at].Chain}" : ""))];
        return all.Order(StringComparer.Ordinal);
    }

    private static string Hex(IEnumerable<byte> bytes, int at, int length) => Convert.ToHexStringLower([.. bytes.Skip(at).Take(length)]);
}
