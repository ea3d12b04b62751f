using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Writes rules as their authors know them, in the manner of nft(8).</summary>
internal static class RuleText
{
    private const int MostLength = 160;

    // linux/netfilter/nf_conntrack_common.h: IP_CT_ states as nft counts them (nf_conntrack_tuple_common.h), and IPS_ bits.
    private static readonly (uint Bit, string Word)[] s_states = [(1, "invalid"), (2, "established"), (4, "related"), (8, "new"), (64, "untracked")];
    private static readonly (uint Bit, string Word)[] s_statuses = [(1, "expected"), (2, "seen-reply"), (4, "assured"), (8, "confirmed"), (16, "snat"), (32, "dnat"), (512, "dying")];

    private const int MostElements = 8;

    /// <summary>The steps of a rule in one line.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="table">Its table, of which the rule's own anonymous sets are written out.</param>
    internal static string Of(FirewallRule rule, FirewallTable table)
    {
        string text = rule.Text ?? string.Join(' ', rule.Steps.Where((step, at) => !IsImplied(rule.Steps, at)).Select(step => Of(step, rule.Steps, table)));
        text = rule.Comment is string comment ? $"{text} # {comment}" : text;
        return text.Length <= MostLength ? text : text[..MostLength] + "…";
    }

    /// <summary>"10.0.0.0/8", "1-1023", "{ 80, 443 }".</summary>
    internal static string Ranges(Operand operand, ImmutableArray<ByteRange> ranges)
    {
        string[] each = [.. ranges.Take(MostElements).Select(range => Range(operand, range))];
        return each.Length == 1 ? each[0] : "{ " + string.Join(", ", each) + (ranges.Length > each.Length ? ", …" : "") + " }";
    }

    /// <summary>"accept", "jump web".</summary>
    internal static string Of(RuleVerdict verdict) => verdict.Kind.ToString().ToLowerInvariant() + (verdict.Chain is string chain ? " " + chain : "");

    /// <summary>Whether a match is only there because a later one needs it: nft writes "tcp dport 22" for two.</summary>
    private static bool IsImplied(ImmutableArray<RuleStep> steps, int at) =>
        steps[at] is MatchStep { Negated: false, Operand.Field: { Source: FieldSource.Meta, Name: "l4proto" or "nfproto" or "protocol" } field }
        && steps.Skip(at + 1).SelectMany(Fields).Any(later => later.Source == (field.Name == "l4proto" ? FieldSource.TransportHeader : FieldSource.NetworkHeader));

    private static IEnumerable<PacketField> Fields(RuleStep step) => step switch
    {
        MatchStep match => [match.Operand.Field],
        LookupStep lookup => lookup.Key.Select(part => part.Field),
        VerdictMapStep map => map.Key.Select(part => part.Field),
        _ => [],
    };

    private static string Of(RuleStep step, ImmutableArray<RuleStep> steps, FirewallTable table) => step switch
    {
        MatchStep match when HasBits(match) => $"{FieldText.Of(match.Operand.Field)} {(match.Negated ? "" : "!= ")}{Ranges(match.Operand, match.Ranges)}",
        MatchStep match => $"{Field(match.Operand, steps)} {(match.Negated ? "!= " : "")}{Ranges(match.Operand, match.Ranges)}",
        LookupStep lookup => $"{Key(lookup.Key, steps)} {(lookup.Negated ? "!= " : "")}{SetText(lookup.Set, lookup.Key, table)}",
        VerdictMapStep map => $"{Key(map.Key, steps)} vmap {SetText(map.Map, map.Key, table)}",
        VerdictStep verdict => Of(verdict.Verdict),
        TranslateStep translate => Of(translate),
        AssignStep { Value: ConstantValue { First: { Length: 4 } number } } assign when !IsAddress(assign.Field) => $"{FieldText.Of(assign.Field)} set {Number(number)}",
        AssignStep assign => $"{FieldText.Of(assign.Field)} set {Value(assign.Value)}",
        NotrackStep => "notrack",
        ChanceStep chance => chance.Text,
        RemarkStep remark => remark.Text,
        OpaqueStep opaque => $"({opaque.Text})",
        _ => "?",
    };

    /// <summary>"@blocklist", and for a set that is in its rule alone "{ 22, 443 }" or "{ 22 : accept }".</summary>
    private static string SetText(string name, ImmutableArray<Operand> key, FirewallTable table)
    {
        if (table.Sets.FirstOrDefault(one => one.Name == name) is not { IsAnonymous: true } set || set.KeyLength != SetElements.PaddedLength(key))
        {
            return "@" + name;
        }

        IEnumerable<string> shown = Enumerable.Range(0, Math.Min(set.Count, MostElements)).Select(at =>
            (set.HasCatchAll && at == set.Count - 1 ? "*" : KeyText(set, key, at)) + (at < set.Verdicts.Length ? " : " + Of(set.Verdicts[at]) : ""));
        return "{ " + string.Join(", ", shown) + (set.Count > MostElements ? ", …" : "") + " }";
    }

    private static string KeyText(FirewallSet set, ImmutableArray<Operand> key, int element)
    {
        List<string> parts = [];
        int from = 0;
        foreach (Operand part in key)
        {
            parts.Add(Range(part, new ByteRange(SetElements.First(set, element).Slice(from, part.Field.Length), SetElements.Last(set, element).Slice(from, part.Field.Length))));
            from += SetElements.Padded(part.Field.Length, key.Length);
        }

        return string.Join(" . ", parts);
    }

    /// <summary>Whether it asks for some of several bits, as nft does by "none of these is 0".</summary>
    private static bool HasBits(MatchStep match) =>
        match is { Operand: { Field: { Source: FieldSource.Connection, Name: "state" or "status" }, Mask.Length: 4 }, Ranges: [{ First: var first, Last: var last }] }
        && first.All(one => one == 0) && last.All(one => one == 0);

    internal static string Of(TranslateStep step)
    {
        string word = step.Kind switch
        {
            TranslationKind.Destination => "dnat",
            TranslationKind.Redirect => "redirect",
            TranslationKind.Source => "snat",
            TranslationKind.Masquerade => "masquerade",
            _ => "tproxy",
        };
        string to = step.Address is null && step.Port is null ? "" : $" to {(step.Address is { } address ? Value(address) : "")}{(step.Port is { } port ? ":" + Value(port) : "")}";
        return word + to;
    }

    /// <summary>The value as text: an address for four or sixteen bytes, a number for fewer.</summary>
    internal static string Value(ValueSource value) => value switch
    {
        ConstantValue one => Bytes(one.First) + (one.First.AsSpan().SequenceEqual(one.Last.AsSpan()) ? "" : "-" + Bytes(one.Last)),
        ComputedValue computed => FieldText.Of(computed.Operand),
        MappedValue mapped => $"{string.Join(" . ", mapped.Key.Select(FieldText.Of))} map @{mapped.Map}",
        UnknownValue unknown => unknown.Text,
        _ => "?",
    };

    private static string Key(ImmutableArray<Operand> key, ImmutableArray<RuleStep> steps) => string.Join(" . ", key.Select(part => Field(part, steps)));

    private static string Field(Operand operand, ImmutableArray<RuleStep> steps)
    {
        string text = operand.Field.Source is FieldSource.NetworkHeader && IsPrefix(operand.Mask) ? FieldText.Of(operand.Field) : FieldText.Of(operand);
        if (text.StartsWith("th ", StringComparison.Ordinal) || text.StartsWith("tcp flags", StringComparison.Ordinal))
        {
            byte? protocol = steps.OfType<MatchStep>().Where(match => match.Operand.Field is { Source: FieldSource.Meta, Name: "l4proto" } && match.Ranges.Length == 1 && !match.Negated)
                .Select(match => (byte?)match.Ranges[0].First[0]).FirstOrDefault();
            text = text.Replace("th ", protocol switch { 6 => "tcp ", 17 => "udp ", 132 => "sctp ", 33 => "dccp ", 136 => "udplite ", _ => "th " }, StringComparison.Ordinal);
        }

        return text;
    }

    private static bool IsPrefix(ImmutableArray<byte> mask) => !mask.IsEmpty && mask.SkipWhile(bits => bits == 0xff).Skip(1).All(bits => bits == 0);

    private static string Range(Operand operand, ByteRange range)
    {
        if (operand.Field is { Source: FieldSource.Meta, Name: "iifname" or "oifname" } || (operand.Field.Source == FieldSource.Route && operand.Field.Name.EndsWith(" oifname", StringComparison.Ordinal)))
        {
            string name = Encoding.UTF8.GetString([.. range.First.TakeWhile(one => one != 0)]);
            return "\"" + name + (range.First.Length < operand.Field.Length && !range.First.Contains((byte)0) ? "*" : "") + "\"";
        }

        if (Word(operand, range) is string word)
        {
            return word;
        }

        if (operand.Field.Source == FieldSource.NetworkHeader && range.First.Length is 1 or 2 or 3 && operand.Field.Offset is 12 or 16 or 8 or 24)
        {
            byte[] whole = new byte[operand.Field.Offset is 12 or 16 ? 4 : 16];
            range.First.CopyTo(whole);
            return string.Create(CultureInfo.InvariantCulture, $"{IpAddress.FromNetworkOrder(whole)}/{range.First.Length * 8}");
        }

        if (operand.Field.Source == FieldSource.NetworkHeader && range.First.Length is 4 or 16)
        {
            int bits = operand.Mask.Sum(one => int.PopCount(one));
            return Bytes(range.First) + (operand.Mask.IsEmpty || !IsPrefix(operand.Mask) ? "" : string.Create(CultureInfo.InvariantCulture, $"/{bits}"))
                + (range.First.AsSpan().SequenceEqual(range.Last.AsSpan()) ? "" : "-" + Bytes(range.Last));
        }

        return Bytes(range.First) + (range.First.AsSpan().SequenceEqual(range.Last.AsSpan()) ? "" : "-" + Bytes(range.Last));
    }

    /// <summary>The word for a value that has one; a number for four bytes that are no address; else null.</summary>
    private static string? Word(Operand operand, ByteRange range)
    {
        bool isOne = range.First.AsSpan().SequenceEqual(range.Last.AsSpan());
        return (operand.Field, range.First.Length) switch
        {
            ({ Source: FieldSource.Meta, Name: "l4proto" }, 1) when isOne => range.First[0] switch { 1 => "icmp", 6 => "tcp", 17 => "udp", 58 => "ipv6-icmp", 132 => "sctp", _ => Bytes(range.First) },
            ({ Source: FieldSource.Connection, Name: "state" }, 4) => Bits(operand, range, s_states),
            ({ Source: FieldSource.Connection, Name: "status" }, 4) => Bits(operand, range, s_statuses),
            ({ Source: FieldSource.Route, Name: "daddr type" }, 4) when isOne => BinaryPrimitives.ReadUInt32BigEndian(range.First.AsSpan()) switch
            {
                AddressTypes.Unicast => "unicast",
                AddressTypes.Local => "local",
                AddressTypes.Broadcast => "broadcast",
                AddressTypes.Multicast => "multicast",
                _ => Number(range.First),
            },
            ({ Source: FieldSource.Route }, 1) when isOne => range.First[0] == 0 ? "missing" : "exists",
            (var field, 4) when !IsAddress(field) => Number(range.First) + (isOne ? "" : "-" + Number(range.Last)),
            _ => null,
        };
    }

    private static bool IsAddress(PacketField field) => field.Source == FieldSource.NetworkHeader || field.Name.EndsWith("addr", StringComparison.Ordinal);

    private static string Number(ImmutableArray<byte> bytes) => string.Create(CultureInfo.InvariantCulture, $"0x{BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan()):x}");

    private static string Bits(Operand operand, ByteRange range, (uint Bit, string Word)[] words)
    {
        uint bits = BinaryPrimitives.ReadUInt32BigEndian(operand.Mask.Length == 4 && range.First.All(one => one == 0) ? operand.Mask.AsSpan() : range.First.AsSpan());
        string named = string.Join(',', words.Where(word => (bits & word.Bit) != 0).Select(word => word.Word));
        return named.Length > 0 ? named : string.Create(CultureInfo.InvariantCulture, $"0x{bits:x}");
    }

    private static string Bytes(ImmutableArray<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0].ToString(CultureInfo.InvariantCulture),
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan()).ToString(CultureInfo.InvariantCulture),
        4 or 16 => IpAddress.FromNetworkOrder(bytes.AsSpan()).ToString(),
        _ => "0x" + FieldText.Hex(bytes),
    };
}
