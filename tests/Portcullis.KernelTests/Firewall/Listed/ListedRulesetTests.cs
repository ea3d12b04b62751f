using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>
/// The same rules read twice: by Portcullis from the kernel's messages, and by the tests from what nft lists as JSON. Both must do the same with
/// packets on both sides of every bound that they name, by the same rule.
/// </summary>
public sealed class ListedRulesetTests(ITestOutputHelper output)
{
    private const int MostPackets = 60; // of a protocol, a way in and a ruleset
    private const int MostAlone = 8; // of a protocol and a rule
    private static readonly (IpVersion Version, byte Protocol)[] Kinds =
        [(IpVersion.V4, 6), (IpVersion.V4, 17), (IpVersion.V4, 1), (IpVersion.V4, 132), (IpVersion.V6, 6), (IpVersion.V6, 17), (IpVersion.V6, 58), (IpVersion.V6, 47)];

    /// <summary>PORTCULLIS_SEED and PORTCULLIS_LISTED choose others.</summary>
    [Fact]
    public async Task Random_rules_do_the_same_as_those_that_nft_lists()
    {
        int first = Setting("PORTCULLIS_SEED", 1);
        int count = Setting("PORTCULLIS_LISTED", 40);
        using FirewalledHost host = await FirewalledHost.Create();
        Comparison comparison = new();
        Stopwatch clock = Stopwatch.StartNew();
        for (int seed = first; seed < first + count; seed++)
        {
            Random random = new(seed);
            await host.Load(new RandomScript(random).Ruleset(random.Next(4) == 0 ? random.Next(40, 200) : random.Next(1, 40)));
            await Compare(host, random, string.Create(CultureInfo.InvariantCulture, $"seed {seed}"), comparison);
        }

        output.WriteLine($"seeds {first} to {first + count - 1}: {comparison}; {clock.ElapsedMilliseconds} ms");
        Assert.True(comparison.Wrong.Count == 0, string.Join("\n\n", comparison.Wrong.Take(3)));
        Assert.Equal(0, comparison.Blank);
        Assert.Equal(0, comparison.Vague);
        Assert.InRange(comparison.Same, 20 * count, int.MaxValue);
    }

    [Fact]
    public async Task Random_comparisons_are_those_that_nft_lists()
    {
        int first = Setting("PORTCULLIS_SEED", 1);
        int count = Setting("PORTCULLIS_LISTED", 30);
        using FirewalledHost host = await FirewalledHost.Create();
        Comparison comparison = new();
        Stopwatch clock = Stopwatch.StartNew();
        int lines = 0;
        int leftOut = 0;
        int unlisted = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            Random random = new(seed);
            (string rules, int refused) = await host.Load(new RandomExpressions(random).Ruleset(20));
            lines += rules.Count(one => one == '\n');
            leftOut += refused;
            if (await host.List() is not string list)
            {
                unlisted++; // nft 1.0.6: "mergesort.c: concat_expr_msort_value: Assertion `ilen > 0' failed"
                continue;
            }

            CompareAlone(host, random, string.Create(CultureInfo.InvariantCulture, $"seed {seed}"), host.Read(), ListedRuleset.Read(list, FirewalledHost.Observer), comparison);
        }

        output.WriteLine($"seeds {first} to {first + count - 1}: {comparison}; {leftOut} of {lines + leftOut} lines refused, {unlisted} rulesets not listed; {clock.ElapsedMilliseconds} ms");
        Assert.True(comparison.Wrong.Count == 0, string.Join("\n\n", comparison.Wrong.Take(12)));
        Assert.Equal(0, comparison.Blank);
        Assert.InRange(comparison.Vague, 0, comparison.Same / 100);
        Assert.InRange(comparison.Same, 100 * count, int.MaxValue);
    }

    [Theory]
    [InlineData("native.nft", "nft", "-f")]
    [InlineData("wide.nft", "nft", "-f")]
    [InlineData("published.nft", "nft", "-f")]
    [InlineData("firewalld.nft", "nft", "-f")]
    [InlineData("guests.nft", "nft", "-f")]
    [InlineData("bans.nft", "nft", "-f")]
    [InlineData("xt.iptables", "iptables-nft-restore")]
    [InlineData("xt.ip6tables", "ip6tables-nft-restore")]
    [InlineData("ufw.iptables", "iptables-nft-restore")]
    [InlineData("ufw6.ip6tables", "ip6tables-nft-restore")]
    public async Task Given_rules_do_the_same_as_those_that_nft_lists(string source, params string[] loader)
    {
        using FirewalledHost host = await FirewalledHost.Create();
        await host.LoadBy([.. loader, Source(source)]);
        Comparison comparison = new();

        await Compare(host, new Random(1), source, comparison);

        output.WriteLine($"{source}: {comparison}");
        Assert.True(comparison.Wrong.Count == 0, string.Join("\n\n", comparison.Wrong.Take(3)));
        Assert.InRange(comparison.Same, 20, int.MaxValue);
    }

    private static async Task Compare(FirewalledHost host, Random random, string name, Comparison comparison)
    {
        Ruleset told = host.Read();
        ListedRuleset listing = ListedRuleset.Read((await host.List())!, FirewalledHost.Observer);
        Ruleset listed = WithDevices(listing.Rules, told);
        comparison.Add(name, Structure.Of(told, listing.HasBlanks), Structure.Of(listed, listing.HasBlanks));
        CompareAlone(host, random, name, told, listing, comparison);
        BoundaryPackets packets = new(random, told, listed);
        foreach ((IpVersion version, byte protocol) in Kinds)
        {
            foreach (Arrival arrival in Arrivals(host, version, protocol))
            {
                FirstPacket[] some = [.. packets.All(version, protocol)];
                random.Shuffle(some);
                foreach (FirstPacket packet in some.Take(MostPackets))
                {
                    comparison.Add(name, told, listed, listing.HasBlanks, arrival, packet);
                }
            }
        }
    }

    /// <summary>Each rule as if there were no other: what stands behind a "drop" is seen, too.</summary>
    private static void CompareAlone(FirewalledHost host, Random random, string name, Ruleset told, ListedRuleset listing, Comparison comparison)
    {
        Dictionary<string, Ruleset> listed = Alone.Each(listing.Rules).ToDictionary();
        foreach ((string rule, Ruleset alone) in Alone.Each(told))
        {
            if (!listed.TryGetValue(rule, out Ruleset? other))
            {
                Assert.True(listing.HasBlanks, rule);
                continue;
            }

            BoundaryPackets packets = new(random, alone, other);
            foreach ((IpVersion version, byte protocol) in Kinds)
            {
                FirstPacket[] some = [.. packets.All(version, protocol)];
                random.Shuffle(some);
                foreach (FirstPacket packet in some.Take(MostAlone))
                {
                    comparison.Add($"{name} {rule}", alone, other, listing.HasBlanks, host.ArrivalOf(version, protocol, isBehind: false), packet, listing.Text(rule));
                }
            }
        }
    }

    private static IEnumerable<Arrival> Arrivals(FirewalledHost host, IpVersion version, byte protocol)
    {
        yield return host.ArrivalOf(version, protocol, isBehind: false);
        yield return host.ArrivalOf(version, protocol, isBehind: true);
        yield return host.ArrivalOf(version, protocol, isBehind: false) with { Interface = host.Interfaces.First(one => one.Name == "docker0") };
        yield return host.ArrivalOf(version, protocol, isBehind: false) with { Interface = host.Interfaces.First(one => one.IsLoopback) };
    }

    /// <summary>nft 1.0.6 does not list the devices of "hook ingress devices = { ... }".</summary>
    private static Ruleset WithDevices(Ruleset listed, Ruleset told) => listed with
    {
        Tables = [.. listed.Tables.Select(table => table with
        {
            Chains = [.. table.Chains.Select(chain => chain.Hook is { Point: HookPoint.Ingress or HookPoint.Egress, Devices.IsEmpty: true } hook
                && told.Tables.First(one => one.Family == table.Family && one.Name == table.Name).Chains.First(one => one.Name == chain.Name).Hook is BaseHook real
                ? chain with { Hook = hook with { Devices = real.Devices } } : chain)],
        })],
    };

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;

    private static string Source(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "Portcullis.Tests", "Wire", "Nft", "fixtures", name));
}
