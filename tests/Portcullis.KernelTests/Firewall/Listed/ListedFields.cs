using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>The expressions of libnftables-json(5), by the tables of nft(8) and the RFCs' header diagrams.</summary>
internal static class ListedFields
{
    /// <summary>Protocol, field, first bit, bits (RFC 791, 8200, 9293, 768, 792, 4443, 4340, 9260).</summary>
    private static readonly (string Protocol, string Field, int At, int Bits)[] Payloads =
    [
        ("ip", "version", 0, 4), ("ip", "hdrlength", 4, 4), ("ip", "dscp", 8, 6), ("ip", "ecn", 14, 2), ("ip", "length", 16, 16), ("ip", "id", 32, 16),
        ("ip", "frag-off", 48, 16), ("ip", "ttl", 64, 8), ("ip", "protocol", 72, 8), ("ip", "checksum", 80, 16), ("ip", "saddr", 96, 32), ("ip", "daddr", 128, 32),
        ("ip6", "version", 0, 4), ("ip6", "dscp", 4, 6), ("ip6", "ecn", 10, 2), ("ip6", "flowlabel", 12, 20), ("ip6", "length", 32, 16), ("ip6", "nexthdr", 48, 8),
        ("ip6", "hoplimit", 56, 8), ("ip6", "saddr", 64, 128), ("ip6", "daddr", 192, 128),
        ("th", "sport", 0, 16), ("th", "dport", 16, 16),
        ("tcp", "sequence", 32, 32), ("tcp", "ackseq", 64, 32), ("tcp", "doff", 96, 4), ("tcp", "flags", 104, 8), ("tcp", "window", 112, 16), ("tcp", "checksum", 128, 16), ("tcp", "urgptr", 144, 16),
        ("udp", "length", 32, 16), ("udp", "checksum", 48, 16),
        ("icmp", "type", 0, 8), ("icmp", "code", 8, 8), ("icmp", "checksum", 16, 16), ("icmp", "id", 32, 16), ("icmp", "sequence", 48, 16), ("icmp", "mtu", 48, 16), ("icmp", "gateway", 32, 32),
        ("icmpv6", "type", 0, 8), ("icmpv6", "code", 8, 8), ("icmpv6", "checksum", 16, 16), ("icmpv6", "id", 32, 16), ("icmpv6", "sequence", 48, 16), ("icmpv6", "mtu", 32, 32),
        ("ether", "daddr", 0, 48), ("ether", "saddr", 48, 48), ("ether", "type", 96, 16),
    ];

    /// <summary>nft(8), "Meta expression types".</summary>
    private static readonly Dictionary<string, int> Metas = new(StringComparer.Ordinal)
    {
        ["length"] = 4,
        ["protocol"] = 2,
        ["priority"] = 4,
        ["mark"] = 4,
        ["iif"] = 4,
        ["oif"] = 4,
        ["iifname"] = 16,
        ["oifname"] = 16,
        ["iiftype"] = 2,
        ["oiftype"] = 2,
        ["skuid"] = 4,
        ["skgid"] = 4,
        ["nftrace"] = 1,
        ["rtclassid"] = 4,
        ["secmark"] = 4,
        ["nfproto"] = 1,
        ["l4proto"] = 1,
        ["ibrname"] = 16,
        ["obrname"] = 16,
        ["pkttype"] = 1,
        ["cpu"] = 4,
        ["iifgroup"] = 4,
        ["oifgroup"] = 4,
        ["cgroup"] = 4,
        ["ipsec"] = 1,
        ["iifkind"] = 16,
        ["oifkind"] = 16,
        ["sdif"] = 4,
        ["sdifname"] = 16,
    };

    /// <summary>nft(8), "Conntrack expressions".</summary>
    private static readonly Dictionary<string, int> Connections = new(StringComparer.Ordinal)
    {
        ["state"] = 4,
        ["direction"] = 1,
        ["status"] = 4,
        ["mark"] = 4,
        ["expiration"] = 4,
        ["helper"] = 16,
        ["label"] = 16,
        ["l3proto"] = 1,
        ["protocol"] = 1,
        ["proto-src"] = 2,
        ["proto-dst"] = 2,
        ["ip saddr"] = 4,
        ["ip daddr"] = 4,
        ["ip6 saddr"] = 16,
        ["ip6 daddr"] = 16,
        ["packets"] = 8,
        ["bytes"] = 8,
        ["avgpkt"] = 8,
        ["zone"] = 2,
        ["id"] = 4,
    };

    /// <summary>The expression's fields: several for a concatenation; null where it is not understood.</summary>
    internal static ImmutableArray<ListedField>? All(JsonElement expression, TableFamily family)
    {
        JsonElement[] parts = expression.ValueKind == JsonValueKind.Object && expression.TryGetProperty("concat", out JsonElement concat) ? [.. concat.EnumerateArray()] : [expression];
        ListedField?[] fields = [.. parts.Select(part => Of(part, family))];
        return fields.Contains(null) ? null : [.. fields!];
    }

    internal static ListedField? Of(JsonElement expression, TableFamily family)
    {
        if (expression.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonProperty only = expression.EnumerateObject().First();
        JsonElement data = only.Value;
        return only.Name switch
        {
            "payload" => Payload(data, family),
            "meta" => Meta(Text(data, "key")!),
            "ct" => Connection(data, family),
            "fib" => Route(data),
            "exthdr" => Other($"exthdr {data.GetRawText()}", 4) with { Needs = Version(family, 10) },
            "ip option" => Other($"ip option {data.GetRawText()}", 4) with { Needs = Version(family, 2) },
            "tcp option" or "socket" or "rt" or "ipsec" or "sctp chunk" or "dccp option" => Other($"{only.Name} {data.GetRawText()}", 4),
            "numgen" or "jhash" or "symhash" => Random(only.Name + data.GetRawText()),
            "osf" => Random("osf"),
            "&" or "|" or "^" => Calculated(only.Name, data, family),
            "<<" or ">>" => Of(data[0], family) is ListedField shifted ? Random(expression.GetRawText()) with { Needs = shifted.Needs } : null,
            _ => null,
        };
    }

    internal static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ListedField? Calculated(string operation, JsonElement parts, TableFamily family)
    {
        ListedField? field = Of(parts[0], family);
        for (int at = 1; at < parts.GetArrayLength(); at++)
        {
            field = field?.With(operation, parts[at]);
        }

        return field;
    }

    private static ListedField Random(string text) => Other(text, 4) with { Chance = text };

    private static ListedField Other(string name, int length) => new(new PacketField(FieldSource.Other, name, 0, length), new ListedKind(length));

    private static ListedField? Payload(JsonElement payload, TableFamily family)
    {
        if (Text(payload, "base") is string header)
        {
            int offset = payload.GetProperty("offset").GetInt32();
            int bits = payload.GetProperty("len").GetInt32();
            return header switch
            {
                "ll" => Header(FieldSource.LinkHeader, offset, bits),
                "nh" => Header(FieldSource.NetworkHeader, offset, bits),
                "th" => Header(FieldSource.TransportHeader, offset, bits),
                _ => null,
            };
        }

        string protocol = Text(payload, "protocol")!;
        string name = Text(payload, "field")!;
        string wanted = name is "sport" or "dport" ? "th" : protocol;
        (string _, string found, int at, int length) = Payloads.FirstOrDefault(one => one.Protocol == wanted && one.Field == name);
        FieldSource source = protocol is "ip" or "ip6" ? FieldSource.NetworkHeader : protocol is "ether" ? FieldSource.LinkHeader : FieldSource.TransportHeader;
        return found is null ? null : Header(source, at, length, Form(protocol, name)) with { Needs = Needs(protocol, family) };
    }

    private static ListedForm Form(string protocol, string field) => (protocol, field) switch
    {
        ("ip" or "ip6", "saddr" or "daddr") or ("icmp", "gateway") => ListedForm.Address,
        ("ether", "saddr" or "daddr") => ListedForm.Hardware,
        ("ether", "type") => ListedForm.Swapped,
        _ => ListedForm.Number,
    };

    private static ListedField Header(FieldSource source, int at, int bits, ListedForm form = ListedForm.Number)
    {
        int first = at / 8;
        int length = ((at + bits + 7) / 8) - first;
        int shift = ((first + length) * 8) - at - bits;
        ListedField field = new(new PacketField(source, "", first, length), new ListedKind(length, shift, form));
        if (bits == length * 8)
        {
            return field;
        }

        byte[] mask = new byte[length];
        for (int bit = at; bit < at + bits; bit++)
        {
            mask[(bit / 8) - first] |= (byte)(0x80 >> (bit % 8));
        }

        return field with { Mask = [.. mask] };
    }

    private static ImmutableArray<MatchStep> Needs(string protocol, TableFamily family) => protocol switch
    {
        "ip" => Version(family, 2),
        "ip6" => Version(family, 10),
        "icmp" => [Known("l4proto", [1])],
        "icmpv6" => [Known("l4proto", [58])],
        "tcp" => [Known("l4proto", [6])],
        "udp" => [Known("l4proto", [17])],
        "dccp" => [Known("l4proto", [33])],
        "sctp" => [Known("l4proto", [132])],
        "udplite" => [Known("l4proto", [136])],
        "ether" when family is TableFamily.Inet or TableFamily.Ip or TableFamily.Ip6 => [Known("iiftype", [0, 1])],
        _ => [],
    };

    /// <summary>NFPROTO_IPV4 is 2, NFPROTO_IPV6 is 10.</summary>
    private static ImmutableArray<MatchStep> Version(TableFamily family, byte version) => family switch
    {
        TableFamily.Inet => [Known("nfproto", [version])],
        TableFamily.Netdev or TableFamily.Bridge => [Known("protocol", version == 2 ? [0x08, 0x00] : [0x86, 0xdd])],
        _ => [],
    };

    internal static MatchStep Known(string meta, ImmutableArray<byte> value) =>
        new(new Operand(new PacketField(FieldSource.Meta, meta, 0, value.Length)), [new ByteRange(value, value)], false);

    private static ListedField? Meta(string key)
    {
        ListedForm form = key switch { "protocol" => ListedForm.Swapped, "iif" or "oif" or "sdif" => ListedForm.Interface, _ when key.EndsWith("name", StringComparison.Ordinal) || key.EndsWith("kind", StringComparison.Ordinal) => ListedForm.Name, _ => ListedForm.Number };
        return key is "time" or "day" or "hour" or "random" ? Random("meta " + key)
            : Metas.TryGetValue(key, out int length) ? new ListedField(new PacketField(FieldSource.Meta, key, 0, length), new ListedKind(length, 0, form))
            : null;
    }

    private static ListedField? Connection(JsonElement connection, TableFamily family)
    {
        string key = Text(connection, "key")!;
        bool isShort = key is "saddr" or "daddr";
        if (!Connections.TryGetValue(key, out int length) && !isShort)
        {
            return null;
        }

        length = isShort ? (family == TableFamily.Ip ? 4 : 16) : length;
        ListedForm form = key.EndsWith("addr", StringComparison.Ordinal) ? ListedForm.Address : key == "helper" ? ListedForm.Name : ListedForm.Number;
        string direction = Text(connection, "dir") is string dir ? dir + " " : "";
        return new ListedField(new PacketField(FieldSource.Connection, direction + key, 0, length), new ListedKind(length, 0, form));
    }

    private static ListedField? Route(JsonElement fib)
    {
        string[] order = ["saddr", "daddr", "mark", "iif", "oif"];
        JsonElement flags = fib.GetProperty("flags");
        string[] keys = flags.ValueKind == JsonValueKind.Array ? [.. flags.EnumerateArray().Select(one => one.GetString()!)] : [flags.GetString()!];
        string result = Text(fib, "result")!;
        string name = $"{string.Join(" . ", keys.OrderBy(key => Array.IndexOf(order, key)))} {result}";
        return result switch
        {
            "type" or "oif" => new ListedField(new PacketField(FieldSource.Route, name, 0, 4), new ListedKind(4)),
            "oifname" => new ListedField(new PacketField(FieldSource.Route, name, 0, 16), new ListedKind(16, 0, ListedForm.Name)),
            _ => null,
        };
    }
}
