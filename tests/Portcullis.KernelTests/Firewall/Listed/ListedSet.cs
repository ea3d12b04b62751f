using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>The sets and maps of libnftables-json(5), named and in the midst of rules.</summary>
internal static class ListedSet
{
    /// <summary>A named set or map.</summary>
    internal static FirewallSet Named(JsonElement set)
    {
        ImmutableArray<ListedKind>? key = Kinds(set.GetProperty("type"));
        string? map = ListedFields.Text(set, "map");
        ImmutableArray<ListedKind>? data = map is null or "verdict" ? [] : Kinds(set.GetProperty("map"));
        bool isObject = map is "counter" or "quota" or "limit" or "ct helper" or "ct timeout" or "ct expectation" or "secmark" or "synproxy";
        JsonElement[] elements = set.TryGetProperty("elem", out JsonElement listed) ? [.. listed.EnumerateArray()] : [];
        string name = ListedFields.Text(set, "name")!;
        bool hasTimeouts = set.TryGetProperty("timeout", out _) || (set.TryGetProperty("flags", out JsonElement flags) && flags.GetRawText().Contains("timeout", StringComparison.Ordinal));
        FirewallSet made = key is null || (data is null && !isObject)
            ? new FirewallSet { Name = name, KeyLength = 4, IsIncomplete = true }
            : Of(name, key.Value, isObject ? [] : data!.Value, map is not null, map == "verdict", elements);
        return made with { HasTimeouts = made.HasTimeouts || hasTimeouts, IsDynamic = hasTimeouts };
    }

    /// <summary>A set with its elements.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="key">The parts of a key.</param>
    /// <param name="data">The parts of an element's data; none for a set.</param>
    /// <param name="isMap">Whether elements have something behind the key.</param>
    /// <param name="holdsVerdicts">Whether that is a verdict.</param>
    /// <param name="elements">The elements.</param>
    internal static FirewallSet Of(string name, ImmutableArray<ListedKind> key, ImmutableArray<ListedKind> data, bool isMap, bool holdsVerdicts, IReadOnlyList<JsonElement> elements)
    {
        List<byte> keys = [];
        List<byte> values = [];
        List<RuleVerdict> verdicts = [];
        bool isIncomplete = false;
        bool hasTimeouts = false;
        foreach (JsonElement element in elements.OrderBy(IsCatchAll))
        {
            JsonElement value = isMap ? element[0] : element;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("elem", out JsonElement inner))
            {
                hasTimeouts |= inner.TryGetProperty("timeout", out _) || inner.TryGetProperty("expires", out _);
                value = inner.GetProperty("val");
            }

            bool isAll = IsCatchAll(element);
            (byte[] First, byte[] Last)? range = isAll ? (new byte[Length(key)], [.. Enumerable.Repeat((byte)0xff, Length(key))]) : Range(key, value);
            byte[]? behind = data.IsEmpty ? [] : Range(data, element[1])?.First;
            RuleVerdict? verdict = holdsVerdicts ? Verdict(element[1]) : null;
            if (range is not var (first, last) || behind is null || (holdsVerdicts && verdict is null))
            {
                isIncomplete = true;
                continue;
            }

            keys.AddRange([.. first, .. last]);
            values.AddRange(behind);
            verdicts.AddRange(verdict is null ? [] : [verdict]);
        }

        return new FirewallSet
        {
            Name = name,
            KeyLength = Length(key),
            Keys = [.. keys],
            DataLength = Length(data),
            Data = [.. values],
            Verdicts = [.. verdicts],
            HasCatchAll = elements.Any(IsCatchAll),
            HasTimeouts = hasTimeouts,
            IsIncomplete = isIncomplete,
        };
    }

    /// <summary>A verdict; null for what is none.</summary>
    internal static RuleVerdict? Verdict(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonProperty only = statement.EnumerateObject().First();
        return only.Name switch
        {
            "accept" => new RuleVerdict(VerdictKind.Accept),
            "drop" => new RuleVerdict(VerdictKind.Drop),
            "continue" => new RuleVerdict(VerdictKind.Continue),
            "return" => new RuleVerdict(VerdictKind.Return),
            "jump" => new RuleVerdict(VerdictKind.Jump, ListedFields.Text(only.Value, "target")),
            "goto" => new RuleVerdict(VerdictKind.Goto, ListedFields.Text(only.Value, "target")),
            "queue" => new RuleVerdict(VerdictKind.Queue),
            "reject" => new RuleVerdict(VerdictKind.Reject),
            _ => null,
        };
    }

    private static int Length(ImmutableArray<ListedKind> kinds) => kinds.Length == 1 ? kinds[0].Length : kinds.Sum(kind => kind.Padded);

    private static bool IsCatchAll(JsonElement element)
    {
        JsonElement key = element.ValueKind == JsonValueKind.Array ? element[0] : element;
        key = key.ValueKind == JsonValueKind.Object && key.TryGetProperty("elem", out JsonElement inner) ? inner.GetProperty("val") : key;
        return key.ValueKind == JsonValueKind.String && key.GetString() == "*";
    }

    private static (byte[] First, byte[] Last)? Range(ImmutableArray<ListedKind> kinds, JsonElement value)
    {
        if (kinds.Length == 1)
        {
            return kinds[0].Range(value);
        }

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("concat", out JsonElement parts) || parts.GetArrayLength() != kinds.Length)
        {
            return null;
        }

        List<byte> first = [];
        List<byte> last = [];
        for (int at = 0; at < kinds.Length; at++)
        {
            if (kinds[at].Range(parts[at]) is not var (from, to))
            {
                return null;
            }

            byte[] padding = new byte[kinds[at].Padded - kinds[at].Length];
            first.AddRange([.. from, .. padding]);
            last.AddRange([.. to, .. padding]);
        }

        return ([.. first], [.. last]);
    }

    /// <summary>A type, an array of them, or a text such as "ipv4_addr . inet_service".</summary>
    private static ImmutableArray<ListedKind>? Kinds(JsonElement type)
    {
        string[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : type.GetString()!.Split(" . ");
        ListedKind?[] kinds = [.. names.Select(ListedKind.OfType)];
        return kinds.Contains(null) ? null : [.. kinds!];
    }
}
