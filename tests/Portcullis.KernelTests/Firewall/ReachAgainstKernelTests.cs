using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.KernelTests.Firewall;

/// <summary>What Portcullis says of rules that it reads from the kernel, against what the kernel does with packets.</summary>
public sealed class ReachAgainstKernelTests(ITestOutputHelper output)
{
    private const int Usual = 40;

    private static readonly (IpVersion Version, byte Protocol)[] Kinds =
        [(IpVersion.V4, 6), (IpVersion.V4, 17), (IpVersion.V4, 1), (IpVersion.V6, 6), (IpVersion.V6, 17), (IpVersion.V6, 58)];

    [Fact]
    public Task Kernel_does_with_each_packet_what_was_said() => AllAgree(Script(asksForRoutes: false));

    /// <summary>The same for a host that could answer few sources, and rules that ask for the way back.</summary>
    [Fact]
    public Task Kernel_does_with_each_packet_what_was_said_where_few_routes_lead() => AllAgree(Script(asksForRoutes: true), leadsEverywhere: false);

    /// <summary>The same for the tables of the older iptables, which come by another way and in another form.</summary>
    [Fact]
    public Task Kernel_does_with_each_packet_what_was_said_of_the_older_iptables() => AllAgree(static async (host, _, random, _) =>
    {
        int size = random.Next(4) == 0 ? random.Next(40, 200) : random.Next(1, 40);
        string save4 = new RandomSave(random, isV4: true).Save(size);
        string save6 = new RandomSave(random, isV4: false).Save(size);
        await host.LoadLegacy(save4, save6);
        return $"{save4}\n{save6}";
    });

    /// <summary>The same for rules that look sets of ipset up, half of them by nf_tables and half by the older iptables.</summary>
    [Fact]
    public Task Kernel_does_with_each_packet_what_was_said_of_sets_of_ipset() => AllAgree(static async (host, seed, random, _) =>
    {
        int size = random.Next(1, 40);
        RandomSets sets = new(random);
        string restore = sets.Restore();
        string save4 = new RandomSave(random, isV4: true, sets).Save(size);
        string save6 = new RandomSave(random, isV4: false, sets).Save(size);
        await host.LoadWithSets(restore, save4, save6, isLegacy: seed % 2 == 0);
        return $"{restore}\n{save4}\n{save6}";
    });

    /// <summary>
    /// Loads one random ruleset after the other, sends packets through each, and compares. PORTCULLIS_SEED and PORTCULLIS_RULESETS choose others,
    /// PORTCULLIS_PACKETS how many packets are sent through each; bench/oracle sets them.
    /// </summary>
    /// <param name="load">Loads rules and gives their text.</param>
    /// <param name="leadsEverywhere">Whether the host has default routes.</param>
    private async Task AllAgree(Func<FirewalledHost, int, Random, Tally, Task<string>> load, bool leadsEverywhere = true)
    {
        int first = Setting("PORTCULLIS_SEED", 1);
        int count = Setting("PORTCULLIS_RULESETS", Usual);
        int packets = Setting("PORTCULLIS_PACKETS", 1200);
        using FirewalledHost host = await FirewalledHost.Create(leadsEverywhere);
        Tally tally = new();
        Stopwatch clock = Stopwatch.StartNew();
        for (int seed = first; seed < first + count; seed++)
        {
            Random random = new(seed);
            string rules = await load(host, seed, random, tally);
            await Compare(host, seed, random, packets, rules, tally);
        }

        output.WriteLine($"seeds {first} to {first + count - 1}: {tally}; {clock.ElapsedMilliseconds} ms");
        Assert.True(tally.Wrong.Count == 0, string.Join("\n\n", tally.Wrong.Take(3)));
        if (count >= Usual) // a few may all drop everything
        {
            Assert.InRange(tally.Refused, 0, tally.Lines / 10);
            Assert.All([tally.In, tally.Out, tally.Depends], number => Assert.NotEqual(0, number));
        }
    }

    /// <summary>What came out.</summary>
    private sealed class Tally
    {
        internal int In { get; set; }

        internal int Out { get; set; }

        internal int Depends { get; set; }

        internal int Refused { get; set; }

        internal int Lines { get; set; }

        internal int TooComplex { get; set; }

        /// <summary>How many rules each ruleset had.</summary>
        internal List<int> Sizes { get; } = [];

        internal List<string> Wrong { get; } = [];

        public override string ToString() => $"{In} came in and {Out} did not, as said; {Depends} depended on something; {Refused} of {Lines} lines refused by nft, {TooComplex} too complex; {Wrong.Count} wrong; {Sizes.Min()} to {Sizes.Max()} rules";
    }

    /// <summary>Rulesets of up to 500 rules: of the size named some chains stay below their share.</summary>
    private static Func<FirewalledHost, int, Random, Tally, Task<string>> Script(bool asksForRoutes) => async (host, _, random, tally) =>
    {
        string script = new RandomScript(random, asksForRoutes).Ruleset(random.Next(4) == 0 ? random.Next(40, 601) : random.Next(1, 40));
        (script, int leftOut) = await host.Load(script);
        tally.Lines += script.Count(one => one == '\n');
        tally.Refused += leftOut;
        return script;
    };

    private static async Task Compare(FirewalledHost host, int seed, Random random, int count, string script, Tally tally)
    {
        Ruleset ruleset = host.Read();
        tally.Sizes.Add(ruleset.Tables.Sum(table => table.Chains.Sum(chain => chain.Rules.Length)));
        ProbePacket[] packets = [.. Enumerable.Range(0, count).Select(_ => Packet(random))];
        bool[] seen = host.Send(packets);
        Assert.Equal(packets.Length, await host.Arrived());
        Dictionary<(IpVersion, byte, bool), Reach?> reaches = [];
        for (int at = 0; at < packets.Length; at++)
        {
            (IpVersion Version, byte Protocol, bool IsBehind) kind = (packets[at].Source.Version, packets[at].Protocol, packets[at].IsBehind);
            if (!reaches.TryGetValue(kind, out Reach? reach))
            {
                reaches[kind] = reach = ReachOf(ruleset, host.ArrivalOf(kind.Version, kind.Protocol, kind.IsBehind), tally);
            }

            if (reach is not null && Wrong(reach, packets[at], seen[at], tally) is string wrong)
            {
                tally.Wrong.Add($"seed {seed}: {wrong}\n{Walk(ruleset, host, packets[at])}\n{(tally.Wrong.Count == 0 ? script : "")}");
                return;
            }
        }
    }

    private static Reach? ReachOf(Ruleset ruleset, Arrival arrival, Tally tally)
    {
        try
        {
            return Reach.Of(ruleset, arrival);
        }
        catch (TooComplexException)
        {
            tally.TooComplex++;
            return null;
        }
    }

    private static string? Wrong(Reach reach, ProbePacket packet, bool isIn, Tally tally)
    {
        ReachRegion region = reach.At(packet.Source, packet.Destination, packet.First, packet.Second);
        bool isWrong = region.Verdict switch
        {
            ReachVerdict.Blocked => isIn,
            ReachVerdict.Reachable => !isIn && packet.Flags == 2,
            _ => false,
        };
        tally.In += region.Verdict == ReachVerdict.Reachable ? 1 : 0;
        tally.Out += region.Verdict == ReachVerdict.Blocked ? 1 : 0;
        tally.Depends += region.Verdict is ReachVerdict.Conditional or ReachVerdict.Unknown ? 1 : 0;
        return isWrong ? $"{packet} is said to be {region.Verdict} by {region.By}, to {region.To}, and {(isIn ? "got in" : "did not get in")}" : null;
    }

    private static string Walk(Ruleset ruleset, FirewalledHost host, ProbePacket packet)
    {
        FirstPacket headers = FirstPacket.Of(packet.Source, packet.Destination, packet.Protocol, packet.First, packet.Second);
        WalkResult walk = PacketWalk.Of(ruleset, host.ArrivalOf(packet.Source.Version, packet.Protocol, packet.IsBehind), headers, (_, _) => false);
        StringBuilder text = new();
        foreach (WalkEvent one in walk.Events)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {one.Hook}: {one.Place}: {one.Did}");
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"  walked: {walk.Verdict} by {walk.By}").ToString();
    }

    private static ProbePacket Packet(Random random)
    {
        (IpVersion version, byte protocol) = Kinds[random.Next(Kinds.Length) is var at && at % 3 == 2 && random.Next(2) == 0 ? at - 1 : at];
        bool isV4 = version == IpVersion.V4;
        IpAddress source = Near(random, isV4 ? RandomScript.Sources4 : RandomScript.Sources6);
        string[] own = isV4 ? RandomScript.Own4 : RandomScript.Own6;
        IpAddress destination = random.Next(5) == 0 ? ProbePacket.Behind(version) : IpAddress.Parse(own[random.Next(own.Length)]);
        if (protocol is 1 or 58)
        {
            int[] types = isV4 ? [0, 3, 8, 8, 13, 17] : [1, 128, 128, 129, 135, 139, 143];
            return new ProbePacket(source, destination, protocol, types[random.Next(types.Length)], random.Next(2), 2);
        }

        byte flags = random.Next(10) == 0 ? (byte)(2 | (random.Next(256) & 0xc8)) : (byte)2;
        return new ProbePacket(source, destination, protocol, Port(random), Port(random), protocol == 6 ? flags : (byte)2);
    }

    private static int Port(Random random) => random.Next(8) switch
    {
        0 => random.Next(65536),
        1 => 29_999 + random.Next(8),
        _ => Math.Clamp(RandomScript.Ports[random.Next(RandomScript.Ports.Length)] + random.Next(-1, 2), 0, 65535),
    };

    private static IpAddress Near(Random random, string[] pool)
    {
        IpAddress one = IpAddress.Parse(pool[random.Next(pool.Length)]);
        ulong step = (ulong)(long)random.Next(-1, 2);
        return one.Version == IpVersion.V4 ? IpAddress.FromV4((uint)(one.Low + step))
            : random.Next(3) == 0 ? IpAddress.FromV6(one.High + step, one.Low)
            : IpAddress.FromV6(one.High, one.Low + step);
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;
}
