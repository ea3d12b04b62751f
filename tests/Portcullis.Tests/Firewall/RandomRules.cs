using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Makes rulesets with everything nasty in them, from few values, so that they meet each other; and packets at the edges of these.</summary>
internal sealed class RandomRules
{
    private static readonly int[] Ports = [0, 22, 80, 81, 443, 1023, 1024, 8080, 65535];

    private readonly Random _random;
    private readonly IpAddress[] _sources;
    private readonly IpAddress[] _destinations;
    private readonly RandomSteps _steps;

    internal RandomRules(int seed)
    {
        _random = new Random(seed);
        bool isV4 = _random.Next(2) == 0;
        byte protocol = _random.Next(8) switch { < 4 => 6, < 6 => 17, 6 => isV4 ? (byte)1 : (byte)58, _ => 47 };
        string[] own = isV4 ? ["10.0.0.1", "10.0.0.2"] : ["fd00::1", "fd00:0:0:1::"];
        NetworkInterface eth = new() { Index = 2, Name = "eth0", Addresses = [.. own.Take(1 + _random.Next(2)).Select(IpAddress.Parse)] };
        NetworkInterface inner = new() { Index = 3, Name = "docker0", Addresses = [IpAddress.Parse(isV4 ? "172.17.0.1" : "fd17::1")] };
        NetworkInterface loop = new() { Index = 1, Name = "lo", IsLoopback = true, Addresses = [IpAddress.Parse(isV4 ? "127.0.0.1" : "::1")] };
        Arrival = new Arrival
        {
            Version = isV4 ? IpVersion.V4 : IpVersion.V6,
            Protocol = protocol,
            Interface = eth,
            Interfaces = [loop, eth, inner],
            Onward = seed % 5 == 0 ? inner : null,
            Routes = _random.Next(6) == 0 ? [] : RoutesOf(isV4, hasDefault: seed % 3 != 0),
        };
        _sources = [.. (isV4 ? ["10.0.0.0", "10.0.0.128", "10.0.1.0", "192.168.0.0", "0.0.0.0", "255.255.255.255"] : (string[])["fd00::", "fd00::8000:0:0:0", "fd00:0:0:1::", "2001:db8::", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]).Select(IpAddress.Parse)];
        _destinations = [.. own.Select(IpAddress.Parse), IpAddress.Parse(isV4 ? "172.17.0.2" : "fd17::2"), IpAddress.Parse(isV4 ? "255.255.255.255" : "ff02::1")];
        _steps = new RandomSteps(_random, Arrival, _sources, _destinations);
        Ruleset = new Ruleset { Tables = [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(Table)] };
    }

    private static ImmutableArray<NetworkRoute> RoutesOf(bool isV4, bool hasDefault) =>
    [
        hasDefault ? new NetworkRoute(IpAddress.Parse(isV4 ? "0.0.0.0" : "::"), 0, 2) : new NetworkRoute(IpAddress.Parse(isV4 ? "10.0.0.128" : "fd00::8000:0:0:0"), isV4 ? 25 : 65, 2),
        new NetworkRoute(IpAddress.Parse(isV4 ? "172.17.0.0" : "fd17::"), isV4 ? 16 : 64, 3),
        new NetworkRoute(IpAddress.Parse(isV4 ? "192.168.0.0" : "2001:db8::"), isV4 ? 24 : 64, 3),
    ];

    internal Arrival Arrival { get; }

    internal Ruleset Ruleset { get; }

    /// <summary>Whether everything in it is one that is worked out exactly.</summary>
    internal bool IsExact => _steps.IsExact;

    /// <summary>A packet at the edge of something.</summary>
    internal Packet Packet()
    {
        bool isIcmp = Arrival.IsIcmp;
        int[] types = [0, 3, 8, 13, 127, 128, 129, 130, 136, 137, 143, 255];
        return new Packet(
            Near(_sources), Near(_destinations), Arrival.Protocol,
            isIcmp ? types[_random.Next(types.Length)] : NearPort(),
            isIcmp ? _random.Next(3) : NearPort())
        {
            Flags = _random.Next(6) == 0 ? (byte)(2 | (_random.Next(256) & 0xe8)) : (byte)2,
            Ttl = (byte)(_random.Next(3) == 0 ? 1 : 64),
        };
    }

    private int NearPort() => _random.Next(5) == 0 ? _random.Next(65536) : Math.Clamp(Ports[_random.Next(Ports.Length)] + _random.Next(-1, 2), 0, 65535);

    private IpAddress Near(IpAddress[] addresses)
    {
        IpAddress one = addresses[_random.Next(addresses.Length)];
        int step = _random.Next(-1, 2);
        if (one.Version == IpVersion.V4)
        {
            return IpAddress.FromV4((uint)one.Low + (uint)step);
        }

        return _random.Next(3) == 0 ? IpAddress.FromV6(one.High + (ulong)step, one.Low) : IpAddress.FromV6(one.High, one.Low + (ulong)step);
    }

    private FirewallTable Table(int number)
    {
        TableFamily family = _random.Next(8) switch { < 4 => TableFamily.Inet, < 6 => TableFamily.Ip, 6 => TableFamily.Ip6, _ => TableFamily.Netdev };
        string name = string.Create(CultureInfo.InvariantCulture, $"t{number}");
        List<FirewallChain> chains = [];
        int plain = _random.Next(4);
        _steps.Begin([.. Enumerable.Range(0, plain).Select(at => string.Create(CultureInfo.InvariantCulture, $"c{at}"))]);
        for (int at = 0; at < plain; at++)
        {
            chains.Add(Fields.Chain(string.Create(CultureInfo.InvariantCulture, $"c{at}"), [.. Rules(at + 1, false, false)]));
        }

        int bases = 1 + _random.Next(4);
        for (int at = 0; at < bases; at++)
        {
            chains.Add(Base(family, string.Create(CultureInfo.InvariantCulture, $"b{at}")));
        }

        return new FirewallTable { Family = family, Name = name, IsDormant = _random.Next(12) == 0, Chains = [.. chains], Sets = _steps.Sets };
    }

    private FirewallChain Base(TableFamily family, string name)
    {
        HookPoint hook = family == TableFamily.Netdev ? HookPoint.Ingress
            : _random.Next(10) switch { < 4 => HookPoint.Input, < 8 => HookPoint.Prerouting, 8 => HookPoint.Forward, _ => HookPoint.Postrouting };
        bool isNat = hook is HookPoint.Prerouting or HookPoint.Postrouting or HookPoint.Input && _random.Next(hook == HookPoint.Input ? 12 : 3) == 0;
        int[] priorities = hook == HookPoint.Prerouting ? [-300, -150, -100, -99, 0] : [-150, 0, 0, 10, 100, 101];
        ImmutableArray<string> devices = hook != HookPoint.Ingress ? [] : _random.Next(4) == 0 ? ["docker0"] : ["eth0"];
        return Fields.Chain(name, [.. Rules(0, isNat, hook is HookPoint.Prerouting)]) with
        {
            Hook = new BaseHook(hook, priorities[_random.Next(priorities.Length)], isNat ? "nat" : "filter", !isNat && _random.Next(4) == 0, devices),
        };
    }

    private IEnumerable<FirewallRule> Rules(int from, bool isNat, bool isPrerouting)
    {
        int count = _random.Next(8);
        for (int at = 0; at < count; at++)
        {
            yield return new FirewallRule { Steps = [.. _steps.Rule(from, isNat, isPrerouting)], Handle = (ulong)_random.Next(1, int.MaxValue) };
        }
    }

    internal static int PortOf(Random random) => Math.Clamp(Ports[random.Next(Ports.Length)] + random.Next(-1, 2), 0, 65535);
}
