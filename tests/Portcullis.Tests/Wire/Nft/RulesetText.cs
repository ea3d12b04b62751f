using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Wire.Nft;

/// <summary>A ruleset as text that shows all of it, for golden files: values are hexadecimal.</summary>
internal static class RulesetText
{
    internal static string Of(Ruleset ruleset)
    {
        StringBuilder text = new();
        foreach (FirewallTable table in ruleset.Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"table {table.Family} {table.Name}{(table.IsDormant ? " dormant" : "")}\n");
            foreach (FirewallSet set in table.Sets)
            {
                Append(text, set);
            }

            foreach (FirewallChain chain in table.Chains)
            {
                string hook = chain.Hook is not BaseHook at ? ""
                    : string.Create(CultureInfo.InvariantCulture, $" {at.Type} {at.Point} {at.Priority} {(at.DropsByDefault ? "drop" : "accept")} {string.Join(",", at.Devices)}");
                text.Append(CultureInfo.InvariantCulture, $"  chain {chain.Name}{hook}\n");
                foreach (FirewallRule rule in chain.Rules)
                {
                    text.Append(CultureInfo.InvariantCulture, $"    {rule.Handle}{rule.Number}: {string.Join("; ", rule.Steps.Select(Step))}{(rule.Comment is null ? "" : " # " + rule.Comment)}\n");
                }
            }
        }

        return text.Append(string.Concat(ruleset.Unread.Select(unread => "unread: " + unread + "\n"))).ToString();
    }

    internal static string Step(RuleStep step) => step switch
    {
        MatchStep match => $"{Of(match.Operand)} {(match.Negated ? "not in" : "in")} {{{string.Join(",", match.Ranges.Select(Of))}}}",
        LookupStep lookup => $"{Key(lookup.Key)} {(lookup.Negated ? "not in" : "in")} @{lookup.Set}",
        VerdictMapStep map => $"{Key(map.Key)} vmap @{map.Map}",
        VerdictStep verdict => Of(verdict.Verdict),
        TranslateStep translate => $"{translate.Kind} to {Of(translate.Address)} port {Of(translate.Port)}",
        AssignStep assign => $"set {Of(assign.Field)} to {Of(assign.Value)}",
        ChanceStep chance => $"chance \"{chance.Text}\"{(chance.IsStable ? " stable" : "")}",
        RemarkStep remark => $"remark \"{remark.Text}\"",
        OpaqueStep opaque => $"OPAQUE \"{opaque.Text}\"",
        NotrackStep => "notrack",
        _ => step.ToString(),
    };

    private static void Append(StringBuilder text, FirewallSet set)
    {
        string flags = (set.IsAnonymous ? " anonymous" : "") + (set.IsDynamic ? " dynamic" : "") + (set.HasTimeouts ? " timeouts" : "")
            + (set.HasCatchAll ? " catchall" : "") + (set.IsIncomplete ? " INCOMPLETE" : "");
        text.Append(CultureInfo.InvariantCulture, $"  set {set.Name} {set.KeyLength}/{set.DataLength}{flags}:");
        ReadOnlySpan<byte> keys = set.Keys.AsSpan();
        for (int at = 0; at < set.Count; at++)
        {
            string first = Convert.ToHexStringLower(keys.Slice(at * 2 * set.KeyLength, set.KeyLength));
            string last = Convert.ToHexStringLower(keys.Slice(((at * 2) + 1) * set.KeyLength, set.KeyLength));
            string data = set.Verdicts.Length > 0 ? " => " + Of(set.Verdicts[at])
                : set.DataLength > 0 ? " => " + Convert.ToHexStringLower(set.Data.AsSpan().Slice(at * set.DataLength, set.DataLength)) : "";
            text.Append(CultureInfo.InvariantCulture, $" {(first == last ? first : first + "-" + last)}{data}");
        }

        text.Append('\n');
    }

    private static string Key(ImmutableArray<Operand> key) => string.Join(" . ", key.Select(Of));

    private static string Of(Operand operand) => Of(operand.Field)
        + (operand.Mask.IsEmpty ? "" : "&" + Convert.ToHexStringLower(operand.Mask.AsSpan()))
        + (operand.Xor.IsEmpty ? "" : "^" + Convert.ToHexStringLower(operand.Xor.AsSpan()));

    private static string Of(PacketField field) => field.Name.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{field.Source}[{field.Offset},{field.Length}]")
        : string.Create(CultureInfo.InvariantCulture, $"{field.Source}({field.Name},{field.Length})");

    private static string Of(ByteRange range)
    {
        string first = Convert.ToHexStringLower(range.First.AsSpan());
        string last = Convert.ToHexStringLower(range.Last.AsSpan());
        return first == last ? first : first + "-" + last;
    }

    private static string Of(RuleVerdict verdict) => verdict.Chain is null ? verdict.Kind.ToString() : $"{verdict.Kind} {verdict.Chain}";

    private static string Of(ValueSource? value) => value switch
    {
        null => "none",
        ConstantValue constant => Of(new ByteRange(constant.First, constant.Last)),
        ComputedValue computed => Of(computed.Operand),
        MappedValue mapped => string.Create(CultureInfo.InvariantCulture, $"{Key(mapped.Key)} map @{mapped.Map}[{mapped.Offset},{mapped.Length}]"),
        UnknownValue unknown => $"unknown \"{unknown.Text}\"",
        _ => value.ToString(),
    };
}
