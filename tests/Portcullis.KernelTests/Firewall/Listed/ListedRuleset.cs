using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>
/// What "nft -j -n list ruleset" prints, read into the same nouns that Portcullis makes of the kernel's messages: a second opinion, with no
/// part in common with the first. What nft's JSON has not (seen with nft 1.0.6): the arguments of xtables' matches and targets, the chains of
/// "jump { ... }", the devices of chains at ingress, "dynamic" of sets, and the word "dormant", for which it prints any other that lies about: the name of this or another table, or
/// that of its release.
/// </summary>
internal sealed class ListedRuleset
{
    private readonly Dictionary<(string Family, string Name), FirewallTable> _tables = [];
    private readonly List<(string Family, string Name)> _order = [];
    private readonly HashSet<(string Family, string Table, string Set)> _changed = [];

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private ListedRuleset()
    {
    }

    /// <summary>The rules.</summary>
    internal Ruleset Rules => new() { Tables = [.. _order.Select(key => Changed(key, _tables[key]))] };

    /// <summary>Whether some statement is listed without what it does.</summary>
    internal bool HasBlanks { get; private set; }

    /// <summary>A rule as it stands in the listing, by its table and handle.</summary>
    internal string Text(string rule) => _texts.GetValueOrDefault(rule, "");

    /// <summary>Reads a listing; tables of one name are left out.</summary>
    internal static ListedRuleset Read(string json, string? without = null)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        ListedRuleset made = new();
        JsonProperty[] all = [.. document.RootElement.GetProperty("nftables").EnumerateArray().Select(one => one.EnumerateObject().First())];
        foreach (JsonProperty one in all.Where(one => ListedFields.Text(one.Value, one.Name == "table" ? "name" : "table") != without))
        {
            switch (one.Name)
            {
                case "table": made.Table(one.Value); break;
                case "chain": made.Chain(one.Value); break;
                case "set" or "map": made.Change(one.Value, table => table with { Sets = table.Sets.Add(ListedSet.Named(one.Value)) }); break;
                case "rule": made.Rule(one.Value); break;
            }
        }

        return made;
    }

    private void Table(JsonElement table)
    {
        (string, string) key = (ListedFields.Text(table, "family")!, ListedFields.Text(table, "name")!);
        _order.Add(key);
        _tables.Add(key, new FirewallTable
        {
            Family = Enum.Parse<TableFamily>(key.Item1, ignoreCase: true),
            Name = key.Item2,
            IsDormant = table.TryGetProperty("flags", out _),
        });
    }

    private void Chain(JsonElement chain)
    {
        BaseHook? hook = null;
        if (ListedFields.Text(chain, "hook") is string point)
        {
            ImmutableArray<string> devices = !chain.TryGetProperty("dev", out JsonElement dev) ? []
                : dev.ValueKind == JsonValueKind.Array ? [.. dev.EnumerateArray().Select(one => one.GetString()!)] : [dev.GetString()!];
            hook = new BaseHook(Enum.Parse<HookPoint>(point, ignoreCase: true), chain.GetProperty("prio").GetInt32(), ListedFields.Text(chain, "type")!, ListedFields.Text(chain, "policy") == "drop", devices);
        }

        Change(chain, table => table with { Chains = table.Chains.Add(new FirewallChain { Name = ListedFields.Text(chain, "name")!, Hook = hook }) });
    }

    private void Rule(JsonElement rule)
    {
        (string Family, string Name) key = (ListedFields.Text(rule, "family")!, ListedFields.Text(rule, "table")!);
        FirewallTable table = _tables[key];
        ListedRule made = new(table.Family, set =>
        {
            FirewallSet named = set with { Name = string.Create(CultureInfo.InvariantCulture, $"__json{_tables[key].Sets.Length}"), IsAnonymous = true };
            Change(rule, one => one with { Sets = one.Sets.Add(named) });
            return named;
        })
        {
            PortedMaps = [.. table.Sets.Where(set => set.DataLength is 8 or 20).Select(set => set.Name)],
        };
        ulong handle = rule.GetProperty("handle").GetUInt64();
        FirewallRule[] rules = [.. made.Steps(rule.GetProperty("expr")).Select(steps => new FirewallRule { Handle = handle, Steps = steps })];
        HasBlanks |= made.HasBlanks;
        _texts[string.Create(CultureInfo.InvariantCulture, $"{table.Family} {table.Name} {handle}")] = rule.GetRawText();
        Note(key, rule.GetProperty("expr"));
        string chain = ListedFields.Text(rule, "chain")!;
        Change(rule, one => one with { Chains = [.. one.Chains.Select(old => old.Name == chain ? old with { Rules = [.. old.Rules, .. rules] } : old)] });
    }

    /// <summary>A set that rules change is a dynamic one, whatever its flags are said to be.</summary>
    private void Note((string Family, string Name) table, JsonElement expressions)
    {
        foreach (JsonElement statement in expressions.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object))
        {
            JsonProperty only = statement.EnumerateObject().First();
            if (only.Name is "set" or "map" && ListedFields.Text(only.Value, only.Name) is ['@', .. string name])
            {
                _changed.Add((table.Family, table.Name, name));
            }
        }
    }

    private FirewallTable Changed((string Family, string Name) key, FirewallTable table) =>
        table with { Sets = [.. table.Sets.Select(set => set with { IsDynamic = set.IsDynamic || _changed.Contains((key.Family, key.Name, set.Name)) })] };

    private void Change(JsonElement part, Func<FirewallTable, FirewallTable> change)
    {
        (string, string) key = (ListedFields.Text(part, "family")!, ListedFields.Text(part, "table")!);
        _tables[key] = change(_tables[key]);
    }
}
