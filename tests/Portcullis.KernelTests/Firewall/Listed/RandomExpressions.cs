using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>
/// Writes rules that compare all sorts of fields in all the ways that nft(8) has. What they do together is of no interest: each is looked at
/// alone. Some are refused by nft.
/// </summary>
internal sealed class RandomExpressions(Random random)
{
    /// <summary>A field, the values that it is compared with, and whether they make ranges.</summary>
    private static readonly (string Field, string[] Values, bool HasRanges)[] Fields =
    [
        ("tcp dport", Ports, true), ("tcp sport", Ports, true), ("udp dport", Ports, true), ("udp sport", Ports, true), ("th dport", Ports, true), ("sctp dport", Ports, true),
        ("tcp flags", ["syn", "ack", "fin", "syn,ack", "0x12"], false), ("tcp window", ["0", "255", "256", "65535"], true), ("tcp doff", ["5", "6", "8", "15"], true),
        ("tcp sequence", ["0", "1", "256", "4294967295"], true), ("tcp urgptr", ["0", "1"], true), ("udp length", ["8", "9", "1024"], true),
        ("ip saddr", V4, true), ("ip daddr", V4, true), ("ip6 saddr", V6, true), ("ip6 daddr", V6, true),
        ("ip dscp", ["cs0", "cs1", "ef", "0x3f"], true), ("ip6 dscp", ["cs0", "cs1", "ef", "0x3f"], true), ("ip ecn", ["0", "1", "3"], true), ("ip6 ecn", ["0", "1", "3"], true),
        ("ip length", ["20", "28", "40", "1500"], true), ("ip id", ["0", "1", "65535"], true), ("ip ttl", ["1", "64", "65", "255"], true), ("ip protocol", ["tcp", "udp", "icmp"], true),
        ("ip frag-off", ["0", "0x2000", "0x1fff"], true), ("ip version", ["4", "5"], true), ("ip hdrlength", ["5", "6", "15"], true), ("ip6 hoplimit", ["1", "64", "255"], true),
        ("ip6 nexthdr", ["tcp", "udp", "icmpv6"], true), ("ip6 flowlabel", ["0", "1", "0xfffff"], true), ("ip6 length", ["8", "20", "1280"], true), ("ip6 version", ["6", "7"], true),
        ("icmp type", ["echo-request", "echo-reply", "destination-unreachable"], true), ("icmp code", ["0", "1", "3"], true), ("icmpv6 type", ["echo-request", "packet-too-big", "nd-router-advert"], true),
        ("icmpv6 code", ["0", "1"], true), ("icmp id", ["0", "1", "256"], true), ("icmp sequence", ["0", "256"], true),
        ("meta mark", Numbers, true), ("ct mark", Numbers, true), ("meta l4proto", ["tcp", "udp", "icmp", "ipv6-icmp", "sctp"], true), ("meta nfproto", ["ipv4", "ipv6"], false),
        ("meta protocol", ["ip", "ip6"], false), ("meta pkttype", ["host", "broadcast", "multicast"], false), ("meta length", ["28", "40", "256"], true), ("meta skuid", ["0", "1000", "65534"], true),
        ("meta cpu", ["0", "1"], true), ("meta iiftype", ["ether", "loopback"], false), ("iifname", ["\"eth0\"", "\"lo\"", "\"docker0\"", "\"e*\"", "\"eth*\""], false), ("iif", ["\"lo\""], false),
        ("ct state", ["new", "established", "invalid", "untracked", "new,established"], false), ("ct status", ["dnat", "snat", "assured"], false), ("ct direction", ["original", "reply"], false),
        ("ct original ip saddr", V4, true), ("ct original ip6 daddr", V6, true), ("ct zone", ["0", "1", "256"], true), ("ct expiration", ["1s", "1h"], true),
        ("tcp dport 1-65535 ct original proto-dst", Ports, true), ("meta l4proto udp ct original proto-src", Ports, true),
        ("fib daddr type", ["local", "unicast", "broadcast", "multicast"], false), ("fib saddr type", ["local", "unicast"], false), ("fib daddr . iif type", ["local", "unicast"], false),
        ("ether saddr", ["02:00:00:00:00:01", "00:11:22:33:44:55"], true), ("ether type", ["ip", "ip6"], false), ("socket mark", Numbers, true),
        ("@th,0,16", Numbers, true), ("@th,16,16", Numbers, true), ("@nh,64,8", ["64", "1", "255"], true), ("@nh,96,32", ["0x0a000001", "0"], true), ("@th,4,12", ["0", "80"], true),
    ];

    private static string[] Ports => ["0", "22", "80", "255", "256", "1024", "8080", "65535"];

    private static string[] Numbers => ["0", "1", "2", "255", "256", "0x1000", "0xffff"];

    private static string[] V4 => ["0.0.0.0", "10.0.0.0", "10.0.0.1", "10.0.1.0", "10.255.255.255", "192.0.2.0", "255.255.255.255"];

    private static string[] V6 => ["::", "fd00::", "fd00::1", "fd00:0:0:1::", "2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"];

    /// <summary>A ruleset of so many rules, of which some are refused.</summary>
    internal string Ruleset(int rules)
    {
        string family = random.Next(6) switch { < 4 => "inet", 4 => "ip", _ => "ip6" };
        StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"table {family} t {{\n"));
        StringBuilder chain = new();
        for (int at = 0; at < rules; at++)
        {
            if (random.Next(8) == 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  set s{at} {{ typeof ip saddr . meta l4proto . th dport; flags interval; elements = {{ 10.0.0.0/9 . tcp . 5-9, 10.0.0.1 . udp . 80 }}; }}\n");
                chain.Append(CultureInfo.InvariantCulture, $"    ip saddr . meta l4proto . th dport @s{at} {Verdict()}\n");
            }

            chain.Append(CultureInfo.InvariantCulture, $"    {Rule()}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  chain c {{\n    type filter hook input priority 0;\n{chain}  }}\n}}\n").ToString();
    }

    private string Rule() => random.Next(12) switch
    {
        0 => $"{Compare()} {Change()}",
        1 => $"{Compare()} {Compare()} {Verdict()}",
        2 => $"{Concat()} {Verdict()}",
        3 => Map(),
        _ => $"{Compare()} {Verdict()}",
    };

    private string Compare()
    {
        (string field, string[] values, bool hasRanges) = Fields[random.Next(Fields.Length)];
        string not = random.Next(3) == 0 ? "!= " : "";
        return random.Next(hasRanges ? 12 : 6) switch
        {
            0 or 1 => $"{field} {not}{One(values)}",
            2 or 3 => $"{field} {not}{{ {One(values)}, {One(values)} }}",
            4 when field is not ("iifname" or "iif") => $"{field} & {One(values)} {(random.Next(2) == 0 ? "==" : "!=")} {One(values)}",
            5 => random.Next(2) == 0 ? $"{field} ! {One(values)}" : $"{field} == {One(values)}",
            6 or 7 => $"{field} {not}{Range(values)}",
            8 or 9 => $"{field} {Operator()} {One(values)}",
            10 => $"{field} {not}{{ {Range(values)} }}",
            _ => field.EndsWith("addr", StringComparison.Ordinal) && !field.StartsWith("ether", StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"{field} {not}{One(values)}/{random.Next(1, values[0].Contains(':', StringComparison.Ordinal) ? 129 : 33)}") // of "/0" nft 1.0.6 compares all bits with none
                : $"{field} {not}{{ {Range(values)}, {One(values)} }}",
        };
    }

    private string Operator() => random.Next(4) switch { 0 => "<", 1 => ">", 2 => "<=", _ => ">=" };

    private string Concat()
    {
        (string Field, string[] Values, bool HasRanges)[] parts = [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Part())];
        bool hasRanges = random.Next(2) == 0;
        return $"{string.Join(" . ", parts.Select(part => part.Field))} {(random.Next(3) == 0 ? "!= " : "")}{{ {Element()}, {Element()} }}";

        string Element() => string.Join(" . ", parts.Select(part => hasRanges && part.HasRanges && random.Next(2) == 0 ? Range(part.Values) : One(part.Values)));
    }

    /// <summary>
    /// A field for a concatenation. Of one with "ct original proto-dst" nft 1.0.6 lists the rest wrongly ("0x50 [invalid type]"), and of
    /// "tcp sequence . ct mark { 0 . 255-256 }" or one with raw bytes the values.
    /// </summary>
    private (string Field, string[] Values, bool HasRanges) Part()
    {
        (string Field, string[] Values, bool HasRanges) part = Fields[random.Next(Fields.Length)];
        return part.Field.Contains(" proto-", StringComparison.Ordinal) || part.Field is "tcp sequence" or ['@', ..] ? Fields[0] : part;
    }

    private string Map()
    {
        (string field, string[] values, bool hasRanges) = Fields[random.Next(Fields.Length)];
        string first = hasRanges && random.Next(2) == 0 ? Range(values) : One(values);
        return random.Next(2) == 0
            ? $"{field} vmap {{ {first} : {Verdict()}, {One(values)} : {Verdict()} }}"
            : string.Create(CultureInfo.InvariantCulture, $"meta mark set {field} map {{ {first} : {random.Next(1, 9)}, {One(values)} : 0x100 }}");
    }

    private string Change()
    {
        string mark = random.Next(2) == 0 ? "meta mark" : "ct mark";
        return random.Next(6) switch
        {
            0 => $"{mark} set {One(Numbers)}",
            1 => $"{mark} set {mark} | {One(Numbers)}",
            2 => $"{mark} set {mark} & {One(Numbers)} | {One(Numbers)}",
            3 => $"{mark} set {mark} ^ {One(Numbers)}",
            4 => $"meta mark set ct mark & {One(Numbers)}",
            _ => $"meta mark set ip dscp",
        };
    }

    private string Verdict() => random.Next(2) == 0 ? "accept" : "drop";

    private string One(string[] values) => values[random.Next(values.Length)];

    private string Range(string[] values)
    {
        int first = random.Next(values.Length);
        int last = random.Next(first, values.Length);
        return first == last ? values[first] : $"{values[first]}-{values[last]}";
    }
}
