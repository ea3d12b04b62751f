using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Rules;

/// <summary>What "nft -j -n list ruleset" says, in the few words in which it is compared.</summary>
internal sealed class NftListing(JsonDocument listed)
{
    private readonly List<JsonElement> _all = [.. listed.RootElement.GetProperty("nftables").EnumerateArray()];

    internal IEnumerable<string> Tables => Of("table").Select(table => $"{table.GetProperty("family")} {table.GetProperty("name")}").Order(StringComparer.Ordinal);

    /// <summary>nft does not list the chains of "jump { ... }".</summary>
    internal IEnumerable<string> Chains => Of("chain").Select(chain =>
        $"{Place(chain)} {chain.GetProperty("name")} {(chain.TryGetProperty("hook", out JsonElement hook) ? $"{hook} {chain.GetProperty("prio")} {chain.GetProperty("type")} {chain.GetProperty("policy")}" : "")}");

    internal IEnumerable<string> Sets => Of("set").Concat(Of("map")).Select(set => $"{Place(set)} {set.GetProperty("name")}").Order(StringComparer.Ordinal);

    /// <summary>Each with its place in its chain and its handle.</summary>
    internal IEnumerable<string> Rules => Of("rule").GroupBy(rule => $"{Place(rule)} {rule.GetProperty("chain")}")
        .SelectMany(chain => chain.Select((rule, at) => string.Create(CultureInfo.InvariantCulture, $"{chain.Key} {at} {rule.GetProperty("handle")}")));

    /// <summary>The comparisons of ports and whole addresses with one value or range, as steps.</summary>
    internal IEnumerable<(string Rule, MatchStep Step)> Matches()
    {
        foreach (JsonElement rule in Of("rule"))
        {
            foreach (JsonElement statement in rule.GetProperty("expr").EnumerateArray())
            {
                if (statement.ValueKind == JsonValueKind.Object && statement.TryGetProperty("match", out JsonElement match) && Step(match) is MatchStep step)
                {
                    yield return ($"{Place(rule)} {rule.GetProperty("handle")}", step);
                }
            }
        }
    }

    internal static string Word(string name) => name.ToLowerInvariant();

    private static MatchStep? Step(JsonElement match)
    {
        string operation = match.GetProperty("op").GetString()!;
        if (operation is not ("==" or "!=") || match.GetProperty("left") is not { ValueKind: JsonValueKind.Object } left
            || !left.TryGetProperty("payload", out JsonElement payload) || !payload.TryGetProperty("field", out JsonElement field))
        {
            return null;
        }

        PacketField? known = (payload.GetProperty("protocol").GetString(), field.GetString()) switch
        {
            ("tcp" or "udp" or "th", "sport") => new PacketField(FieldSource.TransportHeader, "", 0, 2),
            ("tcp" or "udp" or "th", "dport") => new PacketField(FieldSource.TransportHeader, "", 2, 2),
            ("ip", "saddr") => new PacketField(FieldSource.NetworkHeader, "", 12, 4),
            ("ip", "daddr") => new PacketField(FieldSource.NetworkHeader, "", 16, 4),
            ("ip6", "saddr") => new PacketField(FieldSource.NetworkHeader, "", 8, 16),
            ("ip6", "daddr") => new PacketField(FieldSource.NetworkHeader, "", 24, 16),
            _ => null,
        };
        JsonElement right = match.GetProperty("right");
        byte[]? first = Value(right);
        byte[]? last = first;
        if (right.ValueKind == JsonValueKind.Object && right.TryGetProperty("range", out JsonElement range))
        {
            first = Value(range[0]);
            last = Value(range[1]);
        }

        return known is null || first is null || last is null ? null
            : new MatchStep(new Operand(known), [new ByteRange([.. first], [.. last])], operation == "!=");
    }

    private static byte[]? Value(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? [(byte)(value.GetInt32() >> 8), (byte)value.GetInt32()]
        : value.ValueKind == JsonValueKind.String && IPAddress.TryParse(value.GetString(), out IPAddress? address) ? address.GetAddressBytes()
        : null;

    private static string Place(JsonElement thing) => $"{thing.GetProperty("family")} {thing.GetProperty("table")}";

    private IEnumerable<JsonElement> Of(string kind) => _all.Where(one => one.TryGetProperty(kind, out _)).Select(one => one.GetProperty(kind));
}
