using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Portcullis.KernelTests.Firewall;

/// <summary>Writes rulesets for iptables-legacy-restore and its sister, from the same few values as <see cref="RandomScript"/>.</summary>
internal sealed class RandomSave(Random random, bool isV4, RandomSets? sets = null)
{
    private static readonly (string Name, string[] Chains)[] Tables =
    [
        ("raw", ["PREROUTING", "OUTPUT"]),
        ("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
        ("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
        ("filter", ["INPUT", "FORWARD", "OUTPUT"]),
        ("security", ["INPUT", "FORWARD", "OUTPUT"]),
    ];

    private readonly StringBuilder _text = new();
    private string _protocol = "";

    /// <summary>All tables, some of them empty, so that nothing is left of the one before.</summary>
    /// <param name="size">About how many rules.</param>
    internal string Save(int size)
    {
        foreach ((string table, string[] chains) in Tables)
        {
            int rules = table == "filter" ? size : random.Next(3) == 0 ? random.Next(size + 1) : 0;
            string[] own = [.. Enumerable.Range(0, random.Next(4)).Select(at => string.Create(CultureInfo.InvariantCulture, $"c{at}"))];
            _text.Append(CultureInfo.InvariantCulture, $"*{table}\n");
            foreach (string chain in chains)
            {
                _text.Append(CultureInfo.InvariantCulture, $":{chain} {(table != "nat" && random.Next(table == "filter" ? 2 : 12) == 0 ? "DROP" : "ACCEPT")} [0:0]\n");
            }

            _text.Append(string.Concat(own.Select(chain => $":{chain} - [0:0]\n")));
            for (int at = 0; at < rules; at++)
            {
                int chain = random.Next(-chains.Length, own.Length);
                string[] further = own[(chain < 0 ? 0 : chain + 1)..];
                _text.Append(CultureInfo.InvariantCulture, $"-A {(chain < 0 ? chains[~chain] : own[chain])} {Rule(table, chain < 0 ? chains[~chain] : "", further)}\n");
            }

            _text.Append("COMMIT\n");
        }

        return _text.ToString();
    }

    private string Rule(string table, string chain, string[] further)
    {
        _protocol = random.Next(8) switch { < 3 => "tcp", < 5 => "udp", 5 => isV4 ? "icmp" : "ipv6-icmp", _ => "" };
        List<string> words = [];
        bool isLeaving = chain is "OUTPUT" or "POSTROUTING";
        further = isLeaving ? [] : further; // some matches are refused wherever a packet that leaves could come by
        if (_protocol.Length > 0)
        {
            words.Add($"-p {_protocol}");
        }
        else if (random.Next(10) == 0)
        {
            words.Add(isV4 ? "! -p icmp" : "! -p ipv6-icmp");
        }

        if (random.Next(3) == 0)
        {
            words.Add($"{Not()}-s {Pick(isV4 ? RandomScript.Sources4 : RandomScript.Sources6)}/{random.Next(isV4 ? 8 : 16, isV4 ? 33 : 129)}");
        }

        if (random.Next(5) == 0)
        {
            words.Add($"{Not()}-d {Pick(isV4 ? RandomScript.Own4 : RandomScript.Own6)}");
        }

        if (random.Next(5) == 0 && !isLeaving)
        {
            words.Add($"{Not()}-i {Pick("eth0", "eth+", "docker0", "lo", "e+", "eth00")}");
        }

        for (int more = random.Next(3); more > 0; more--)
        {
            words.Add(Match(isLeaving));
        }

        if (sets is not null && random.Next(3) != 0)
        {
            words.Add(sets.Match(isV4, Not()));
        }

        words.Add(Target(table, chain, further));
        return string.Join(' ', words);
    }

    private string Match(bool isLeaving) => random.Next(14) switch
    {
        < 4 => Ports(),
        4 => $"-m conntrack {Not()}--ctstate {Pick("NEW", "NEW,ESTABLISHED", "ESTABLISHED,RELATED", "INVALID", "UNTRACKED", "DNAT,NEW", "SNAT")}",
        5 => $"-m state --state {Pick("NEW", "ESTABLISHED", "INVALID,NEW")}",
        6 => $"-m addrtype {Not()}--dst-type LOCAL",
        7 => isV4 ? $"-m iprange {Not()}--src-range {Range(RandomScript.Sources4)}" : "-m iprange --src-range fd01::-fd01:0:0:1::",
        8 => $"-m mark {Not()}--mark {Pick("0x1", "0x1/0x1", "0x0/0x3")}",
        9 => $"-m pkttype {Not()}--pkt-type unicast",
        10 when !isLeaving => "-m mac --mac-source 02:00:00:00:00:02",
        11 => isV4 ? "-m ttl --ttl-gt 5" : "-m hl --hl-gt 5",
        12 => $"-m comment --comment \"{Pick("why not", "a \\\" b")}\"",
        _ => Pick("-m statistic --mode random --probability 0.5", "-m length --length 1:50", "-m connmark --mark 0x1"),
    };

    private string Ports()
    {
        int first = Pick(RandomScript.Ports);
        int last = Pick(RandomScript.Ports);
        string range = string.Create(CultureInfo.InvariantCulture, $"{Math.Min(first, last)}:{Math.Max(first, last)}");
        return _protocol switch
        {
            "tcp" or "udp" when random.Next(3) == 0 => $"-m multiport {Not()}--{Pick("dports", "dports", "sports", "ports")} {(first == last ? "" : range + ",")}{Pick(RandomScript.Ports)}",
            "tcp" when random.Next(6) == 0 => $"-m tcp {Not()}--tcp-flags {Pick("SYN,ACK SYN", "FIN,SYN,RST,ACK SYN", "ALL NONE")}",
            "tcp" or "udp" => $"-m {_protocol} {Not()}--{Pick("dport", "dport", "dport", "sport")} {range}",
            "icmp" => $"-m icmp {Not()}--icmp-type {Pick("8", "8/0", "3/1", "any", "13")}".Replace("! --icmp-type any", "--icmp-type any", StringComparison.Ordinal),
            "ipv6-icmp" => $"-m icmp6 {Not()}--icmpv6-type {Pick("128", "1/0", "135", "128/0")}",
            _ => "-m mark --mark 0x0/0x1",
        };
    }

    private string Target(string table, string chain, string[] further)
    {
        int choice = random.Next(14);
        return choice switch
        {
            < 2 when further.Length > 0 => $"-j {Pick(further)}",
            2 when further.Length > 0 => $"-g {Pick(further)}",
            3 => "-j RETURN",
            4 when sets is not null && random.Next(4) == 0 => sets.Target(isV4),
            4 => "",
            < 7 when table == "mangle" => $"-j MARK --set-xmark {Pick("0x1/0xffffffff", "0x1/0x1", "0x3/0x2")}",
            < 6 when table == "raw" && chain.Length > 0 => "-j CT --notrack",
            < 9 when table == "nat" && chain == "PREROUTING" && _protocol is "tcp" or "udp" => $"-j REDIRECT --to-ports {Pick(RandomScript.Ports[1..])}",
            < 11 when table == "nat" && chain == "PREROUTING" => isV4 ? $"-j DNAT --to-destination {Pick("10.0.0.2", "172.17.0.2")}" : "-j DNAT --to-destination fd17::2",
            < 8 when table == "filter" && chain.Length > 0 => "-j REJECT",
            < 10 when table != "nat" => "-j DROP",
            _ => "-j ACCEPT",
        };
    }

    private string Range(string[] pool)
    {
        string[] two = [Pick(pool), Pick(pool)];
        uint[] sorted = [.. two.Select(one => (uint)Core.Model.IpAddress.Parse(one).Low).Order()];
        return $"{Core.Model.IpAddress.FromV4(sorted[0])}-{Core.Model.IpAddress.FromV4(sorted[1])}";
    }

    private string Not() => random.Next(5) == 0 ? "! " : "";

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
