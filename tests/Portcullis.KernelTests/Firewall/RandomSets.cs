using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Portcullis.KernelTests.Firewall;

/// <summary>Makes sets for ipset(8), of all types that most kernels have, and matches for them.</summary>
internal sealed class RandomSets(Random random)
{
    private static readonly (string Type, int Parts)[] Types =
    [
        ("hash:ip", 1), ("hash:net", 1), ("hash:net", 1), ("hash:ip,port", 2), ("hash:net,port", 2), ("hash:ip,port,ip", 3), ("hash:ip,port,net", 3),
        ("hash:net,iface", 2), ("bitmap:ip", 1), ("bitmap:port", 1), ("list:set", 1),
    ];

    private readonly List<(string Name, string Type, int Parts, bool IsV4)> _sets = [];
    private readonly StringBuilder _text = new();

    /// <summary>Input for "ipset restore".</summary>
    internal string Restore()
    {
        for (int at = 0; at < 10; at++)
        {
            (string type, int parts) = Types[random.Next(Types.Length)];
            bool isV4 = type == "bitmap:ip" || random.Next(2) == 0;
            string name = string.Create(CultureInfo.InvariantCulture, $"set{at}");
            (string Name, string Type, int Parts, bool IsV4)[] members = [.. _sets.Where(set => set.Type != "list:set" && set.Parts == 1).Take(2)];
            if (type == "list:set" && members.Length == 0)
            {
                continue;
            }

            _text.Append(CultureInfo.InvariantCulture, $"create {name} {type}{Options(type, isV4)}\n");
            _sets.Add((name, type, parts, isV4));
            foreach (string element in (type == "list:set" ? members.Select(member => member.Name) : Enumerable.Range(0, random.Next(12)).Select(_ => Element(type, isV4))).Distinct())
            {
                _text.Append(CultureInfo.InvariantCulture, $"add {name} {element}\n");
            }
        }

        return _text.ToString();
    }

    /// <summary>A match, sometimes with fewer directions than the set takes.</summary>
    internal string Match(bool isV4, string not)
    {
        (string Name, string Type, int Parts, bool IsV4)[] fitting = [.. _sets.Where(set => set.IsV4 == isV4 || set.Type is "bitmap:port" or "list:set")];
        if (fitting.Length == 0)
        {
            return "";
        }

        (string name, string type, int parts, bool _) = fitting[random.Next(fitting.Length)];
        parts = random.Next(12) == 0 ? Math.Max(1, parts - 1) : parts;
        string directions = string.Join(',', Enumerable.Range(0, parts).Select(part => type == "hash:net,iface" && part == 1 ? "src" : type == "bitmap:port" || part == 1 ? Pick("dst", "dst", "src") : Pick("src", "src", "dst")));
        return $"-m set {not}--match-set {name} {directions}{(random.Next(15) == 0 ? " --return-nomatch" : "")}";
    }

    /// <summary>A target that adds to a set.</summary>
    internal string Target(bool isV4)
    {
        string? name = _sets.Where(set => set.IsV4 == isV4 && set.Type == "hash:ip").Select(set => set.Name).FirstOrDefault();
        return name is null ? "" : $"-j SET --add-set {name} src";
    }

    private string Options(string type, bool isV4) => type switch
    {
        "bitmap:ip" => " range 10.0.0.0/24",
        "bitmap:port" => " range 0-65535",
        "list:set" => "",
        _ => (isV4 ? " family inet" : " family inet6") + (type == "hash:ip" && random.Next(3) == 0 ? isV4 ? " netmask 28" : " netmask 60" : "") + (random.Next(15) == 0 ? " timeout 600" : "") + (random.Next(6) == 0 ? " counters" : ""),
    };

    private string Element(string type, bool isV4)
    {
        string address = type == "bitmap:ip" ? string.Create(CultureInfo.InvariantCulture, $"10.0.0.{random.Next(256)}") : Address(isV4);
        string port = $"{Pick("tcp", "udp", "tcp")}:{Pick(RandomScript.Ports).ToString(CultureInfo.InvariantCulture)}";
        string network = $"{address}/{random.Next(isV4 ? 6 : 12, isV4 ? 33 : 129).ToString(CultureInfo.InvariantCulture)}";
        string end = random.Next(5) == 0 ? " nomatch" : "";
        return type switch
        {
            "hash:ip" or "bitmap:ip" => address,
            "hash:net" => network + end,
            "hash:ip,port" => $"{address},{port}",
            "hash:net,port" => $"{network},{port}",
            "hash:ip,port,ip" => $"{address},{port},{Own(isV4)}",
            "hash:ip,port,net" => $"{address},{port},{Own(isV4)}/{(isV4 ? 24 : 60).ToString(CultureInfo.InvariantCulture)}",
            "hash:net,iface" => $"{network},{Pick("eth0", "docker0", "lo", "eth00")}",
            _ => Pick(RandomScript.Ports).ToString(CultureInfo.InvariantCulture),
        };
    }

    private string Address(bool isV4) => Pick(isV4 ? RandomScript.Sources4 : RandomScript.Sources6);

    private string Own(bool isV4) => Pick(isV4 ? RandomScript.Own4 : RandomScript.Own6);

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
