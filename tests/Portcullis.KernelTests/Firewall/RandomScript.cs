using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Portcullis.KernelTests.Firewall;

/// <summary>Writes rulesets for nft(8) with everything nasty in them, from few values, so that they meet each other.</summary>
/// <param name="random">What it goes by.</param>
/// <param name="asksForRoutes">Whether many rules ask for the way back to a source.</param>
internal sealed class RandomScript(Random random, bool asksForRoutes = false)
{
    internal static readonly int[] Ports = [0, 22, 80, 81, 443, 1023, 1024, 8080, 65535];
    internal static readonly string[] Sources4 = ["10.1.0.0", "10.1.0.128", "10.1.1.0", "192.168.0.0", "223.255.255.254", "1.0.0.1", "172.17.0.9"];
    internal static readonly string[] Sources6 = ["fd01::", "fd01::8000:0:0:0", "fd01:0:0:1::", "2001:db8::", "2001:db8:0:0:ffff:ffff:ffff:fffe", "fdff:ffff:ffff:ffff::", "fd17::9"];
    internal static readonly string[] Own4 = ["10.0.0.1", "10.0.0.2", "172.17.0.1"];
    internal static readonly string[] Own6 = ["fd00::1", "fd00:0:0:1::", "fd17::1"];

    private readonly StringBuilder _text = new();
    private string _family = "inet";
    private string _ip = "ip"; // what a rule of an inet table is about
    private string _protocol = "tcp"; // what a rule is about; empty for nothing in particular
    private string[] _chains = [];
    private int _sets;
    private int _from;
    private bool _isRaw;

    /// <summary>A ruleset of some tables.</summary>
    /// <param name="size">About how many rules.</param>
    internal string Ruleset(int size)
    {
        int tables = 1 + random.Next(3);
        for (int at = 0; at < tables; at++)
        {
            Table(string.Create(CultureInfo.InvariantCulture, $"t{at}"), size / tables);
        }

        return _text.ToString();
    }

    private void Table(string name, int size)
    {
        _family = random.Next(6) switch { < 3 => "inet", < 5 => "ip", _ => "ip6" };
        _chains = [.. Enumerable.Range(0, random.Next(4)).Select(at => string.Create(CultureInfo.InvariantCulture, $"c{at}"))];
        int bases = 1 + random.Next(4);
        int rules = Math.Max(1, size / (bases + _chains.Length));
        StringBuilder sets = new();
        StringBuilder chains = new();
        for (int at = _chains.Length - 1; at >= 0; at--)
        {
            _from = at + 1;
            Chain(chains, sets, _chains[at], "", rules, Kind.Plain);
        }

        _from = 0;
        for (int at = 0; at < bases; at++)
        {
            Base(chains, sets, string.Create(CultureInfo.InvariantCulture, $"b{at}"), rules);
        }

        _text.Append(CultureInfo.InvariantCulture, $"table {_family} {name} {{\n{(random.Next(15) == 0 ? "  flags dormant\n" : "")}{sets}{chains}}}\n");
    }

    private enum Kind
    {
        Plain,
        Filter,
        Prerouting,
        Nat,
        SourceNat,
        Forward,
    }

    private void Base(StringBuilder chains, StringBuilder sets, string name, int rules)
    {
        (string hook, int[] priorities, Kind kind) = random.Next(12) switch
        {
            < 5 => ("input", [-150, 0, 0, 10, 50], Kind.Filter),
            < 8 => ("prerouting", (int[])[-300, -300, -150, -99, 0], Kind.Prerouting),
            < 10 => ("prerouting", [-100, -100, -110, -90], Kind.Nat),
            10 => ("forward", [0, 0, 10], Kind.Forward),
            _ => ("postrouting", [100, 110], Kind.SourceNat),
        };
        int priority = priorities[random.Next(priorities.Length)];
        bool isNat = kind == Kind.Nat || (kind == Kind.SourceNat && priority == 100);
        kind = kind == Kind.SourceNat && !isNat ? Kind.Forward : kind;
        string policy = !isNat && random.Next(4) == 0 ? "drop" : "accept";
        _isRaw = priority == -300;
        Chain(chains, sets, name, string.Create(CultureInfo.InvariantCulture, $"    type {(isNat ? "nat" : "filter")} hook {hook} priority {priority}; policy {policy};\n"), random.Next(rules + 1), kind);
        _isRaw = false;
    }

    private void Chain(StringBuilder chains, StringBuilder sets, string name, string head, int rules, Kind kind)
    {
        chains.Append(CultureInfo.InvariantCulture, $"  chain {name} {{\n{head}");
        for (int at = 0; at < rules; at++)
        {
            chains.Append(CultureInfo.InvariantCulture, $"    {Rule(sets, kind)}\n");
        }

        chains.Append("  }\n");
    }

    private string Rule(StringBuilder sets, Kind kind)
    {
        _ip = random.Next(2) == 0 ? "ip" : "ip6";
        _protocol = random.Next(8) switch { < 3 => "tcp", < 5 => "udp", 5 => "icmp", _ => "" };
        List<string> steps = [];
        int conditions = random.Next(4);
        for (int at = 0; at < conditions; at++)
        {
            steps.Add(Condition(sets, kind));
        }

        if (random.Next(5) == 0)
        {
            steps.Add(Change());
        }

        steps.Add(random.Next(10) switch
        {
            0 => "counter",
            1 => VerdictMap(kind),
            < 7 when kind == Kind.Nat => Translation(),
            < 7 when kind == Kind.SourceNat => "masquerade",
            _ => Verdict(kind),
        });
        return string.Join(' ', steps);
    }

    private string Verdict(Kind kind) => random.Next(14) switch
    {
        < 4 => "accept",
        < 7 => "drop",
        7 when kind is Kind.Filter or Kind.Forward => "reject",
        8 => "continue",
        9 => "return",
        // A chain for all hooks may hold nothing that one of them does not allow.
        < 12 when _from < _chains.Length => "jump " + _chains[random.Next(_from, _chains.Length)],
        12 when _from < _chains.Length => "goto " + _chains[random.Next(_from, _chains.Length)],
        _ => random.Next(2) == 0 ? "drop" : "accept",
    };

    private string Condition(StringBuilder sets, Kind kind)
    {
        string not = random.Next(4) == 0 ? "!= " : "";
        if (asksForRoutes && kind is Kind.Filter or Kind.Prerouting or Kind.Nat && random.Next(3) == 0)
        {
            return WayBack(not);
        }

        switch (random.Next(24))
        {
            case < 5: return _protocol == "icmp" ? IcmpMatch(not) : $"{PortField()} {not}{PortValue()}";
            case < 8: return $"{Ip()} saddr {not}{AddressValue(Sources)}";
            case < 10: return $"{Ip()} daddr {not}{AddressValue(Owns)}";
            case 10: return _protocol.Length > 0 ? "counter" : $"meta l4proto {not}{(random.Next(2) == 0 ? "tcp" : random.Next(2) == 0 ? "udp" : "{ icmp, icmpv6, tcp }")}";
            case 11: return _family == "inet" && random.Next(3) == 0 ? $"meta nfproto {(random.Next(2) == 0 ? "ipv4" : "ipv6")}" : "meta pkttype host";
            case 12: return random.Next(3) switch { 0 => $"iifname {not}\"eth0\"", 1 => $"iifname {not}\"eth*\"", _ => $"iifname {not}{{ \"lo\", \"docker0\" }}" };
            case 13: return $"ct state {not}{(random.Next(6) switch { 0 => "new", 1 => "established,related", 2 => "invalid", 3 => "untracked", 4 => "{ new, untracked }", _ => "new,untracked" })}";
            case 14: return random.Next(3) switch { 0 => "ct status dnat", 1 => string.Create(CultureInfo.InvariantCulture, $"{(_protocol is "tcp" or "udp" ? $"{_protocol} dport 1-65535" : "meta l4proto { tcp, udp }")} ct original proto-dst {PortOf()}"), _ => "ct direction original" };
            case < 17: return MarkMatch(not);
            case 17: return kind == Kind.Plain ? "meta pkttype host" : $"fib daddr type {not}{(random.Next(2) == 0 ? "local" : "{ multicast, unicast }")}";
            case 18: return _protocol == "icmp" ? IcmpMatch(not) : $"{PortField()} {not}{PortValue()}";
            case 19: return random.Next(4) == 0 ? "limit rate 1/hour" : "meta pkttype host";
            case 20: return kind == Kind.Forward ? $"oifname {not}\"docker0\"" : _protocol != "tcp" ? "counter" : random.Next(3) switch { 0 => "tcp flags syn", 1 => "tcp flags & (fin | syn | rst | ack) != syn", _ => "tcp flags & (ecn | cwr) == 0x0" };
            default: return Lookup(sets, not);
        }
    }

    private string WayBack(string not)
    {
        string key = random.Next(4) switch { 0 => "saddr", 1 => "saddr . mark", 2 => "saddr . iif", _ => "saddr . mark . iif" };
        return random.Next(4) switch
        {
            0 => $"fib {key} oif exists",
            1 => $"fib {key} oif {not}{(random.Next(2) == 0 ? "eth0" : "docker0")}",
            2 => $"fib {key} oifname {not}\"{(random.Next(2) == 0 ? "eth0" : "d*")}\"",
            _ => $"fib {key} oif missing",
        };
    }

    private string MarkMatch(string not)
    {
        string field = random.Next(4) == 0 ? "ct mark" : "meta mark";
        return random.Next(2) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{field} {not}{random.Next(4)}")
            : string.Create(CultureInfo.InvariantCulture, $"{field} & {1 << random.Next(2)} == {(random.Next(2) == 0 ? "0" : "1")}");
    }

    private string IcmpMatch(string not) => Ip() == "ip"
        ? $"icmp type {not}{(random.Next(2) == 0 ? "echo-request" : "{ echo-reply, destination-unreachable }")}"
        : $"icmpv6 type {not}{(random.Next(2) == 0 ? "echo-request" : "{ echo-reply, destination-unreachable, nd-neighbor-solicit }")}";

    private string Change()
    {
        string field = random.Next(4) == 0 ? "ct mark" : "meta mark";
        return random.Next(8) switch
        {
            < 3 => string.Create(CultureInfo.InvariantCulture, $"{field} set {random.Next(4)}"),
            < 5 => string.Create(CultureInfo.InvariantCulture, $"{field} set {field} or {1 << random.Next(2)}"),
            5 => random.Next(2) == 0 ? "meta mark set ct mark" : "ct mark set meta mark",
            6 => string.Create(CultureInfo.InvariantCulture, $"meta mark set {PortField()} map {{ {PortOf()} : 1, 30000-30001 : 2 }}"),
            _ => _isRaw || random.Next(3) == 0 ? "notrack" : "counter",
        };
    }

    private string VerdictMap(Kind kind)
    {
        string one = Verdict(kind).Replace("reject", "drop", StringComparison.Ordinal);
        string other = Verdict(kind).Replace("reject", "drop", StringComparison.Ordinal);
        return random.Next(4) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"{PortField()} vmap {{ {PortOf()} : {one}, 30000-40000 : {other} }}"),
            1 => $"{Ip()} saddr . {PortField()} vmap {{ {AddressPoint(Sources)} . {Range()} : {one}, {AddressPoint(Sources)} . 30000-40000 : {other} }}",
            2 => $"meta mark vmap {{ 1 : {one}, 2 : {other} }}",
            _ when _protocol.Length > 0 => $"{PortField()} vmap {{ 22 : {one}, 80-81 : {other} }}",
            _ => $"iifname . meta l4proto vmap {{ \"eth0\" . tcp : {one}, \"eth0\" . udp : {other} }}",
        };
    }

    private string Lookup(StringBuilder sets, string not)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"s{_sets++}");
        string type = Ip() == "ip" ? "ipv4_addr" : "ipv6_addr";
        switch (random.Next(4))
        {
            case 0:
                sets.Append(CultureInfo.InvariantCulture, $"  set {name} {{ type inet_service; flags interval; auto-merge; elements = {{ {PortOf()}, {Range()}, {Range()} }}; }}\n");
                return $"{PortField()} {not}@{name}";
            case 1:
                sets.Append(CultureInfo.InvariantCulture, $"  set {name} {{ type {type}; flags interval; auto-merge; elements = {{ {AddressRange(Sources)}, {AddressPrefix(Sources)} }}; }}\n");
                return $"{Ip()} saddr {not}@{name}";
            case 2:
                sets.Append(CultureInfo.InvariantCulture, $"  set {name} {{ type {type} . inet_service; elements = {{ {AddressPoint(Owns)} . {PortOf()}, {AddressPoint(Owns)} . {PortOf()} }}; }}\n");
                return $"{Ip()} daddr . {PortField()} {not}@{name}";
            default:
                sets.Append(CultureInfo.InvariantCulture, $"  set {name} {{ type {type} . inet_proto . inet_service; flags interval; elements = {{ {AddressRange(Sources)} . tcp . {Range()} }}; }}\n");
                return $"{Ip()} saddr . meta l4proto . th dport {not}@{name}";
        }
    }

    private string Translation()
    {
        string ip = Ip();
        string[] inner = ip == "ip" ? ["172.17.0.2", "10.0.0.2", "172.17.0.1", "172.17.0.3"] : ["fd17::2", "fd00:0:0:1::", "fd17::1", "fd17::3"];
        string target = inner[random.Next(inner.Length)];
        string word = _family == "inet" ? $"dnat {ip} to" : "dnat to";
        string ported = ip == "ip" ? target : $"[{target}]";
        string protocol = _protocol is "tcp" or "udp" ? "" : $"meta l4proto {(random.Next(2) == 0 ? "tcp" : "{ tcp, udp }")} ";
        return random.Next(6) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"{protocol}redirect to :{Math.Max(1, PortOf())}"),
            1 => "redirect",
            2 => $"{word} {target}",
            3 => string.Create(CultureInfo.InvariantCulture, $"{word} {PortField()} map {{ {PortOf()} : {target}, 30000-30005 : {inner[0]} }}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{protocol}{word} {ported}:{Math.Max(1, PortOf())}"),
        };
    }

    private string[] Sources => Ip() == "ip" ? Sources4 : Sources6;

    private string[] Owns => Ip() == "ip" ? Own4 : Own6;

    private string Ip() => _family == "inet" ? _ip : _family;

    private string PortField() => (_protocol is "tcp" or "udp" ? _protocol : "th") + (random.Next(5) == 0 ? " sport" : " dport");

    private string PortValue() => random.Next(5) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{PortOf()}"),
        1 => $"{{ {Range()} }}",
        2 => string.Create(CultureInfo.InvariantCulture, $"{{ {PortOf()}, 30000-31000, 65000 }}"),
        _ => Range(),
    };

    private int PortOf() => Math.Clamp(Ports[random.Next(Ports.Length)] + random.Next(-1, 2), 0, 65535);

    private string Range()
    {
        int[] ends = [.. new[] { PortOf(), PortOf() }.Order()];
        return ends[0] == ends[1] ? string.Create(CultureInfo.InvariantCulture, $"{ends[0]}") : string.Create(CultureInfo.InvariantCulture, $"{ends[0]}-{ends[1]}");
    }

    private string AddressValue(string[] pool) => random.Next(4) switch
    {
        0 => AddressPoint(pool),
        1 => AddressRange(pool),
        2 => AddressPrefix(pool),
        _ => $"{{ {AddressPoint(pool)} }}",
    };

    private string AddressPoint(string[] pool) => pool[random.Next(pool.Length)];

    private string AddressPrefix(string[] pool)
    {
        string one = AddressPoint(pool);
        int most = one.Contains(':', StringComparison.Ordinal) ? 128 : 32;
        return string.Create(CultureInfo.InvariantCulture, $"{one}/{random.Next(1, most + 1)}");
    }

    private string AddressRange(string[] pool)
    {
        string[] ends = [.. new[] { AddressPoint(pool), AddressPoint(pool) }.OrderBy(Core.Model.IpAddress.Parse)];
        return ends[0] == ends[1] ? ends[0] : $"{ends[0]}-{ends[1]}";
    }
}
