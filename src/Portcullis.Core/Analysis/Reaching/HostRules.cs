using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Rulesets;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>The rules of the host's own namespace.</summary>
/// <param name="Network">The namespace; null where the snapshot has none, or not what it takes.</param>
/// <param name="Ruleset">Its rules; null where nothing can be said by them.</param>
/// <param name="Gaps">What is missing, beyond what the snapshot says itself.</param>
internal sealed record HostRules(NetworkNamespace? Network, Ruleset? Ruleset, ImmutableArray<Gap> Gaps)
{
    private const string What = "firewall rules";

    /// <summary>Whether a gap is about them.</summary>
    internal static bool IsAbout(Gap gap) => gap.What.StartsWith(What, StringComparison.Ordinal);

    /// <summary>The rules of any namespace, those of the older iptables behind those of nf_tables; null where they were not all read.</summary>
    internal static Ruleset? RulesetOf(NetworkNamespace network)
    {
        if (network.Rules is not RulesetDump dump || MissingOf(dump).Length > 0)
        {
            return null;
        }

        Ruleset ruleset = DumpedRuleset.Decode(dump, out Ruleset legacy);
        return new Ruleset { Tables = [.. ruleset.Tables, .. legacy.Tables], Unread = [.. ruleset.Unread, .. legacy.Unread, .. Rivals(ruleset, legacy)] };
    }

    /// <summary>Reads them from a snapshot.</summary>
    internal static HostRules Of(Snapshot snapshot)
    {
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        if (host?.Rules is not RulesetDump dump)
        {
            bool isTold = host is null || snapshot.Gaps.Any(IsAbout);
            return new HostRules(host, null, isTold ? [] : [new Gap(What, "the snapshot holds none", "take it again, as root: portcullis inspect")]);
        }

        if (MissingOf(dump) is { Length: > 0 } missing)
        {
            return new HostRules(host, null, [new Gap(What, $"those of the older iptables were not read: {string.Join(", ", missing)}", null)]);
        }

        Ruleset ruleset = RulesetOf(host)!;
        return new HostRules(host, ruleset, [.. ruleset.Unread.Select(text => new Gap(What, text, null))]);
    }

    /// <summary>The tables of the older iptables that could not be read.</summary>
    private static string[] MissingOf(RulesetDump dump) => [.. dump.LegacyTables.Where(name => dump.Legacy.All(table => table.Name != name))];

    /// <summary>
    /// Of two that translate at the same place the first decides, and who is the first depends on who was made later (nf_hook_entries_grow in
    /// net/netfilter/core.c), which nobody tells. Where both only filter it makes no difference to who gets in.
    /// </summary>
    private static IEnumerable<string> Rivals(Ruleset ruleset, Ruleset legacy)
    {
        foreach (FirewallTable old in legacy.Tables)
        {
            foreach (FirewallChain chain in old.Chains.Where(chain => chain is { Hook.Type: "nat", Rules.IsEmpty: false }))
            {
                FirewallTable? other = ruleset.Tables.FirstOrDefault(table => !table.IsDormant && (table.Family == old.Family || table.Family == TableFamily.Inet)
                    && table.Chains.Any(one => one is { Hook.Type: "nat", Rules.IsEmpty: false } && one.Hook.Point == chain.Hook!.Point));
                if (other is not null)
                {
                    string family = other.Family.ToString().ToLowerInvariant();
                    yield return $"whether {family} {other.Name} or the older iptables' {chain.Name} of {old.Name} translates first";
                }
            }
        }
    }

    /// <summary>The same host with other rules than those in force.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="given">The rules.</param>
    /// <param name="nameless">The interfaces that they can't name by index.</param>
    internal static HostRules Of(Snapshot snapshot, Ruleset given, ImmutableArray<string> nameless)
    {
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        return host is null ? new HostRules(null, null, [new Gap("network interfaces", "the snapshot holds none", null)])
            : new HostRules(host, given,
            [
                .. given.Unread.Select(text => new Gap(What, text, null)),
                .. !nameless.IsEmpty && NamesByIndex(given) ? [new Gap($"{What} that name an interface by index (iif, oif)", $"some could not be made to load them with: {string.Join(", ", nameless)}", "name it by iifname or oifname")] : ImmutableArray<Gap>.Empty,
            ]);
    }

    private static bool NamesByIndex(Ruleset ruleset) =>
        ruleset.Tables.SelectMany(table => table.Chains).SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps).SelectMany(Looked)
            .Any(operand => operand.Field is { Source: FieldSource.Meta, Name: "iif" or "oif" });

    private static IEnumerable<Operand> Looked(RuleStep step) => step switch
    {
        MatchStep match => [match.Operand],
        LookupStep lookup => lookup.Key,
        VerdictMapStep map => map.Key,
        _ => [],
    };
}
