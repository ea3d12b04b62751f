using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>One rule of libnftables-json(5), statement by statement.</summary>
/// <param name="family">The family of its table.</param>
/// <param name="addSet">Adds a set that stands in the midst of the rule to its table.</param>
internal sealed partial class ListedRule(TableFamily family, Func<FirewallSet, FirewallSet> addSet)
{
    private readonly List<RuleStep> _steps = [];
    private RuleVerdict[] _choices = [];
    private TranslateStep? _proxy;

    /// <summary>Whether something of it stands in the listing without what it does: matches and targets of xtables have no arguments there.</summary>
    internal bool HasBlanks { get; private set; }

    /// <summary>Its steps; as several rules where a map's verdict is a matter of chance.</summary>
    internal IEnumerable<ImmutableArray<RuleStep>> Steps(JsonElement expressions)
    {
        JsonElement[] statements = [.. expressions.EnumerateArray()];
        for (int at = 0; at < statements.Length; at++)
        {
            JsonElement statement = statements[at];
            if (at + 1 < statements.Length && IsMerged(statement, statements[at + 1]))
            {
                at++;
            }
            else if (!Statement(statement))
            {
                _steps.Add(new OpaqueStep(statement.GetRawText()));
            }
        }

        if (_proxy is not null)
        {
            _steps[^1] = _steps[^1] is VerdictStep { Verdict.Kind: VerdictKind.Accept } ? _proxy : new OpaqueStep("tproxy without an accept");
        }

        return _choices.Length == 0 ? [[.. _steps]] : _choices.Select(choice => (ImmutableArray<RuleStep>)[.. _steps, new VerdictStep(choice)]);
    }

    /// <summary>
    /// Of "tcp sport != 80 tcp dport != 81" nft 1.0.6 makes one comparison of both ports, which holds where one of them is another, and lists
    /// it as the two that were written; of addresses it does not.
    /// </summary>
    private bool IsMerged(JsonElement first, JsonElement second)
    {
        if (Unequal(first) is not var (one, left) || Unequal(second) is not var (other, right) || one.Field.Source != other.Field.Source
            || one.Field.Offset + one.Field.Length != other.Field.Offset || one.Field.Length + other.Field.Length > 4 || !one.Mask.IsEmpty || !other.Mask.IsEmpty)
        {
            return false;
        }

        Need([one, other]);
        byte[] key = [.. left, .. right];
        PacketField both = one.Field with { Length = key.Length };
        return Add(new MatchStep(new Operand(both), [new ByteRange([.. key], [.. key])], true));
    }

    /// <summary>A field of a header and the value that it must not have; null for anything else.</summary>
    private (ListedField Field, byte[] Value)? Unequal(JsonElement statement) =>
        statement.ValueKind == JsonValueKind.Object && statement.TryGetProperty("match", out JsonElement match) && ListedFields.Text(match, "op") == "!="
        && ListedFields.Of(match.GetProperty("left"), family) is { Field.Source: FieldSource.NetworkHeader or FieldSource.TransportHeader } field
        && field.Kind.Bytes(match.GetProperty("right")) is byte[] value ? (field, value) : null;

    private bool Statement(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            // "jump { ... }" is a text, and its chain is not listed (nft 1.0.6: "stmt ops chain have no json callback").
            HasBlanks = true;
            return false;
        }

        JsonProperty only = statement.EnumerateObject().First();
        JsonElement data = only.Value;
        switch (only.Name)
        {
            case "match": return Match(data);
            case "vmap": return VerdictMap(data);
            case "mangle": return Mangle(data);
            case "dnat" or "snat" or "masquerade" or "redirect": return Translate(only.Name, data);
            case "tproxy": return Proxy(data);
            case "notrack": return Add(new NotrackStep());
            case "limit" or "quota" or "ct count" or "flow": return Chance(statement);
            case "set" or "map": return ListedFields.Text(data, "op") == "delete" || Chance(statement);
            case "counter" or "log" or "last" or "dup" or "ct helper" or "ct timeout" or "ct expectation" or "secmark": return Add(new RemarkStep(only.Name));
            case "fwd": return Add(new VerdictStep(new RuleVerdict(VerdictKind.Stolen)));
            case "synproxy": return Add(ListedFields.Known("l4proto", [6])) && Add(new VerdictStep(new RuleVerdict(VerdictKind.Stolen)));
            case "reject": return Reject(data);
            case "xt":
                HasBlanks = true;
                return ListedFields.Text(data, "type") == "match" && Chance(statement);
            default:
                return ListedSet.Verdict(statement) is RuleVerdict verdict && Add(new VerdictStep(verdict));
        }
    }

    private bool Add(RuleStep step)
    {
        _steps.Add(step);
        return true;
    }

    private bool Chance(JsonElement statement) => Add(new ChanceStep(statement.GetRawText(), false));

    private bool Reject(JsonElement data)
    {
        switch (data.ValueKind == JsonValueKind.Object ? ListedFields.Text(data, "type") : null)
        {
            case "tcp reset": Add(ListedFields.Known("l4proto", [6])); break;
            case "icmp" when family == TableFamily.Inet: Add(ListedFields.Known("nfproto", [2])); break;
            case "icmpv6" when family == TableFamily.Inet: Add(ListedFields.Known("nfproto", [10])); break;
        }

        return Add(new VerdictStep(new RuleVerdict(VerdictKind.Reject)));
    }

    private bool Match(JsonElement match)
    {
        string operation = ListedFields.Text(match, "op")!;
        JsonElement right = match.GetProperty("right");
        if (ListedFields.All(match.GetProperty("left"), family) is not ImmutableArray<ListedField> left)
        {
            return false;
        }

        Need(left);
        if (left.FirstOrDefault(field => field.Chance is not null) is ListedField)
        {
            return Chance(match);
        }

        if (SetOf(right, left) is string set)
        {
            return operation is "==" or "!=" or "in" && Add(new LookupStep([.. left.Select(field => field.Operand)], set, operation == "!="));
        }

        if (left.Length > 1)
        {
            return operation == "==" && right.TryGetProperty("concat", out JsonElement parts) && left.Select((field, at) => Compare(field, "==", parts[at])).All(one => one);
        }

        return Compare(left[0], operation, right);
    }

    private bool Compare(ListedField field, string operation, JsonElement right)
    {
        if (field.Kind.Range(right) is not var (first, last))
        {
            return false;
        }

        if (right.ValueKind == JsonValueKind.Object && right.TryGetProperty("prefix", out JsonElement prefix) && operation is "==" or "!=")
        {
            // "ip saddr & 255.0.0.0 == 10.0.0.1", which never holds, is listed as 10.0.0.1/8, too (nft 1.0.6).
            int bits = prefix.GetProperty("len").GetInt32();
            byte[] mask = [.. first.Select((_, at) => (byte)(0xff00 >> Math.Clamp(bits - (8 * at), 0, 8)))];
            return Add((field with { Mask = [.. mask] }).In(first, first, operation == "!="));
        }

        byte[] most = [.. Enumerable.Repeat((byte)0xff, first.Length)];
        switch (operation)
        {
            case "==" or "!=":
                return Add(field.In(first, last, operation == "!="));
            case "in" or "!": // one of the bits is set, or none
                return Add((field with { Mask = [.. first] }).In(new byte[first.Length], new byte[first.Length], operation == "in"));
            case "<=":
                return Add(field.In(new byte[first.Length], first, false));
            case ">=":
                return Add(field.In(first, most, false));
            case "<":
                return Add(field.In(first, most, true));
            case ">":
                return Add(field.In(new byte[first.Length], first, true));
            default:
                return false;
        }
    }

    /// <summary>The name of the set that stands on the right; null for what is none.</summary>
    private string? SetOf(JsonElement right, ImmutableArray<ListedField> key)
    {
        if (right.ValueKind == JsonValueKind.String && right.GetString() is ['@', .. string name])
        {
            return name;
        }

        return right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set", out JsonElement elements)
            ? addSet(ListedSet.Of("", Kinds(key), [], false, false, Items(elements))).Name
            : null;
    }

    private static JsonElement[] Items(JsonElement elements) => elements.ValueKind == JsonValueKind.Array ? [.. elements.EnumerateArray()] : [elements];

    private static ImmutableArray<ListedKind> Kinds(ImmutableArray<ListedField> key) => [.. key.Select(field => field.Kind)];

    private void Need(ImmutableArray<ListedField> fields) => _steps.AddRange(fields.SelectMany(field => field.Needs));

    private bool VerdictMap(JsonElement map)
    {
        if (ListedFields.All(map.GetProperty("key"), family) is not ImmutableArray<ListedField> key)
        {
            return false;
        }

        Need(key);
        JsonElement data = map.GetProperty("data");
        bool isNamed = data.ValueKind == JsonValueKind.String;
        if (key.Any(field => field.Chance is not null))
        {
            if (isNamed)
            {
                return false;
            }

            RuleVerdict?[] choices = [.. Items(data.GetProperty("set")).Select(element => ListedSet.Verdict(element[1]))];
            _choices = choices.Contains(null) ? [] : [.. choices.Distinct()!];
            return _choices.Length > 0 && Chance(map);
        }

        string name = isNamed ? data.GetString()![1..] : addSet(ListedSet.Of("", Kinds(key), [], true, true, Items(data.GetProperty("set")))).Name;
        return Add(new VerdictMapStep([.. key.Select(field => field.Operand)], name));
    }
}
