using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Probing.Scanning;
using Xunit;

namespace Portcullis.Tests.Probing.Scanning;

/// <summary>Sweeps over simulated networks: nothing missed, nothing invented, in a time that the network allows. The clock is simulated.</summary>
public sealed class SweepTests
{
    private const int Open = 97; // of every thousand ports this one is open

    public static TheoryData<string, double, long, double, int, double> Networks => new()
    {
        // name, loss each way, one way in µs, packets a second, queue, seconds at most
        { "veth", 0, 50, 500_000, 10_000, 0.2 },
        { "narrow", 0, 1_000, 20_000, 200, 5 },
        { "a deep queue", 0, 20_000, 95_000, 100_000, 1 },
        { "far, 1 % loss", 0.01, 20_000, 95_000, 1_000, 1.2 },
        { "far, 5 % loss", 0.05, 20_000, 95_000, 1_000, 1.5 },
        { "far, 10 % loss", 0.10, 20_000, 95_000, 1_000, 1.6 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Of_a_host_that_refuses_all_open_ports_are_found(string name, double loss, long delay, double width, int queue, double seconds)
    {
        SimulatedTarget target = new() { Answer = static (port, _) => port % 1000 == Open ? PortState.Open : PortState.Closed, Loss = loss, Delay = delay, Width = width, Queue = queue };
        ScanReport report = Report(target);
        Verify(report, PortState.Closed, name);
        Assert.True(target.Seconds < seconds, $"{name}: {target.Seconds} s, {report.PacketsSent} packets");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Of_a_host_that_is_silent_all_open_ports_are_found(string name, double loss, long delay, double width, int queue, double seconds)
    {
        SimulatedTarget target = new() { Answer = static (port, _) => port % 1000 == Open ? PortState.Open : null, Loss = loss, Delay = delay, Width = width, Queue = queue };
        ScanReport report = Report(target);
        Verify(report, PortState.Filtered, name);
        Assert.True(target.Seconds < seconds * (report.ProbesForSilence + 1), $"{name}: {target.Seconds} s, {report.PacketsSent} packets");
    }

    [Fact]
    public void Refusals_that_are_counted_are_not_taken_for_silence()
    {
        long free = 0;
        SimulatedTarget target = new()
        {
            Answer = (port, now) => port % 1000 == Open ? PortState.Open : now < free ? null : (free = now + 500) > 0 ? PortState.Closed : null, // 2,000 a second
        };
        ScanReport report = Report(target);
        Assert.Equal(66, report.Ports.Count(static port => port.State == PortState.Open));
        Assert.DoesNotContain(report.Ports, static port => port.State == PortState.Filtered);
        Assert.Contains(report.Gaps, static gap => gap.Why.Contains("limits how often it refuses"));
    }

    [Fact]
    public void A_target_that_shuts_the_scan_out_half_way_is_noticed_soon()
    {
        SimulatedTarget target = new() { Answer = static (port, now) => now > 1_100_000 ? null : port % 1000 == Open ? PortState.Open : PortState.Closed };
        ScanReport report = Report(target);
        Assert.Contains(report.Gaps, static gap => gap.Why.Contains("shut this scan out"));
        Assert.DoesNotContain(report.Ports, static port => port.State == PortState.Filtered);
        Assert.True(target.Seconds < 5, $"{target.Seconds} s");
    }

    [Fact]
    public void What_is_asked_into_a_short_silence_is_asked_again()
    {
        SimulatedTarget target = new() { Answer = static (port, now) => now is > 1_100_000 and < 1_500_000 ? null : port % 1000 == Open ? PortState.Open : null };
        Verify(Report(target), PortState.Filtered, "a silence of 0.4 s");
    }

    [Fact]
    public void What_says_yes_to_everything_is_told_for_what_it_is()
    {
        ScanReport report = Report(new SimulatedTarget { Answer = static (_, _) => PortState.Open });
        Assert.Contains(report.Gaps, static gap => gap.Why.Contains("says yes"));
    }

    [Fact]
    public void A_rate_that_is_asked_for_is_kept()
    {
        SimulatedTarget target = new() { Answer = static (_, _) => PortState.Closed };
        Report(target, [.. Enumerable.Range(1, 2_000).Select(static port => (ushort)port)], rate: 1_000);
        Assert.InRange(target.Seconds, 1.9, 2.6);
    }

    [Fact]
    public void Where_routers_stand_between_the_rate_is_gentle()
    {
        SimulatedTarget target = new() { Answer = static (_, _) => PortState.Closed, IsOnLink = false };
        ScanReport report = Report(target, [.. Enumerable.Range(1, 4_000).Select(static port => (ushort)port)]);
        Assert.True(target.Seconds > report.PacketsSent / Scan.GentleRate * 0.9, $"{report.PacketsSent} packets in {target.Seconds} s");
    }

    [Fact]
    public void A_target_at_which_nothing_answers_may_be_down_where_no_neighbour_vouches_for_it()
    {
        Assert.Contains(Report(new SimulatedTarget { Answer = static (_, _) => null, Vouch = false }, [22, 80]).Gaps, static gap => gap.Why.Contains("is down"));
        Assert.True(Report(new SimulatedTarget { Answer = static (_, _) => null }, [22, 80]).Complete);
    }

    [Fact]
    public void An_interrupted_scan_tells_what_it_knows_and_that_it_is_not_all()
    {
        using CancellationTokenSource ended = new();
        ended.Cancel();
        ScanReport report = Scan.Of(new SimulatedTarget { Answer = static (_, _) => PortState.Open }, Request([22, 80], null), progress: null, ended.Token);
        Assert.True(report.WasInterrupted);
        Assert.All(report.Ports, static port => Assert.Equal(PortState.Unknown, port.State));
    }

    [Fact]
    public void What_a_router_cannot_deliver_is_no_word_of_a_firewall()
    {
        IpAddress router = IpAddress.Parse("192.0.2.254");
        ScanReport dead = Report(new SimulatedTarget { Answer = static (_, _) => PortState.Unknown, Router = router, Vouch = false }, [22, 80]);
        Assert.All(dead.Ports, port => Assert.Equal((PortState.Unknown, router), (port.State, port.By)));
        Assert.Contains(dead.Gaps, static gap => gap.What == "2 ports" && gap.Why == "192.0.2.254 says that the target cannot be reached");
        Assert.Contains(dead.Gaps, static gap => gap.What == "whether the target is there");
        Assert.False(dead.WasInterrupted);
        ScanReport refused = Report(new SimulatedTarget { Answer = static (_, _) => PortState.Rejected, Router = router }, [22, 80]);
        Assert.All(refused.Ports, port => Assert.Equal((PortState.Rejected, router), (port.State, port.By)));
        Assert.True(refused.Complete);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(22)]
    [InlineData(31)]
    public void Loss_that_does_not_fall_with_the_rate_is_not_taken_for_our_haste(int seed)
    {
        Random chance = new(seed);
        HashSet<ushort> open = [.. Enumerable.Range(0, 100).Select(_ => (ushort)chance.Next(1, 65_536))];
        SimulatedTarget target = new(seed) { Answer = (port, _) => open.Contains(port) ? PortState.Open : null, Delay = 20_000, Loss = 0.1, Width = 150_000, Queue = 3_000, Cost = 3 };
        ScanReport report = Report(target, [.. Enumerable.Range(1, 65_535).Select(static port => (ushort)port)], null, (ulong)seed + 1);
        Assert.All(report.Ports.Where(port => open.Contains(port.Port)), static port => Assert.Equal(PortState.Open, port.State));
        Assert.InRange(target.Seconds, 2, 12); // it was 15 to 40 where each lost canary slowed it down
    }

    [Fact]
    public void Router_has_the_time_to_look_for_a_host_before_its_ports_are_called_silent()
    {
        ScanReport missing = Report(new SimulatedTarget { Answer = static (_, _) => PortState.Unknown, Delay = 1_560_000 }, [22, 80]); // three seconds, and the way back
        Assert.All(missing.Ports, static port => Assert.Equal(PortState.Unknown, port.State));
        Assert.Contains(missing.Gaps, static gap => gap.What == "2 ports");
        SimulatedTarget silent = new() { Answer = static (port, _) => port == 80 ? PortState.Open : null };
        Assert.Equal([PortState.Filtered, PortState.Open], Report(silent, [22, 80]).Ports.Select(static port => port.State));
        Assert.InRange(silent.Seconds, 0, 3); // who answers was found
    }

    [Fact]
    public void Ports_that_stay_silent_while_a_router_cannot_deliver_others_are_not_filtered()
    {
        ScanReport dead = Report(new SimulatedTarget { Answer = static (port, _) => port == 22 ? PortState.Unknown : null, Vouch = false }, [22, 80, 443]);
        Assert.All(dead.Ports, static port => Assert.Equal(PortState.Unknown, port.State));
        Assert.Contains(dead.Gaps, static gap => gap.What == "3 ports");
        ScanReport alive = Report(new SimulatedTarget { Answer = static (port, _) => port switch { 22 => PortState.Unknown, 80 => PortState.Open, _ => null } }, [22, 80, 443]);
        Assert.Equal([PortState.Unknown, PortState.Open, PortState.Filtered], alive.Ports.Select(static port => port.State));
        Assert.Contains(alive.Gaps, static gap => gap.What == "1 port");
    }

    [Fact]
    public void An_answer_that_comes_after_all_is_taken_though_a_router_had_given_up()
    {
        int asked = 0;
        Sweep sweep = new(new SweepPlan { Kind = ProbeKind.Syn, Ports = [22], Seed = 1, FirstRate = 1_000, MostRate = 1_000, FirstTimeout = 1_000, LeastTimeout = 1_000, MostProbes = 3 }, 0);
        Probe[] probes = new Probe[1];
        asked += sweep.Next(100_000, probes);
        sweep.Take(new ProbeAnswer(probes[0], PortState.Unknown, 100_100, 0, IpAddress.Parse("192.0.2.254")));
        Assert.Equal((1, PortState.Unknown, 1, true), (asked, sweep.Result().Ports[0].State, sweep.Result().Undeliverable, sweep.Result().NothingAnswered));
        sweep.Take(new ProbeAnswer(probes[0], PortState.Open, 100_200, 0, IpAddress.Parse("192.0.2.7")));
        Assert.Equal((PortState.Open, null, 0, false), (sweep.Result().Ports[0].State, sweep.Result().Ports[0].By, sweep.Result().Undeliverable, sweep.Result().NothingAnswered));
    }

    [Fact]
    public void A_target_of_which_nobody_knows_is_not_called_filtered()
    {
        Assert.Throws<ProbeException>(() => Report(new SimulatedTarget { Answer = static (_, _) => null, Vouch = null }, [22, 80]));
        Assert.True(Report(new SimulatedTarget { Answer = static (_, _) => PortState.Closed, Vouch = null }, [22, 80]).Complete);
    }

    [Fact]
    public void What_was_found_before_the_way_was_cut_is_told()
    {
        ScanReport report = Report(new SimulatedTarget { Answer = static (port, _) => port % 1000 == Open ? PortState.Open : PortState.Closed, CutAt = 1_100_000 });
        Assert.Contains(report.Ports, static port => port.State == PortState.Open);
        Assert.Contains(report.Ports, static port => port.State == PortState.Unknown);
        Assert.Contains(report.Gaps, static gap => gap.Why == "the cable is pulled");
        Assert.False(report.WasInterrupted);
        Assert.Throws<ProbeException>(() => Report(new SimulatedTarget { Answer = static (_, _) => PortState.Open, CutAt = 0 }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ones_own_open_port_is_asked_first_and_closed_when_it_is_found(bool isAsked)
    {
        SimulatedTarget target = new() { Answer = static (port, _) => port == 40_000 ? PortState.Open : PortState.Closed, Canary = 40_000, IsLocal = true };
        ImmutableArray<ushort> asked = [.. Enumerable.Range(isAsked ? 1 : 10_000, 30_000).Where(port => isAsked || port != 40_000).Select(static port => (ushort)(port + (port >= 40_000 ? 1 : 0))), .. isAsked ? (ReadOnlySpan<ushort>)[40_000] : []];
        ScanReport report = Report(target, asked);
        Assert.Equal(asked.Length, report.Ports.Length);
        Assert.All(report.Ports, static port => Assert.Equal(PortState.Closed, port.State));
        Assert.True(report.Complete);
        Assert.InRange(target.CanaryClosedAt ?? 0, 1_000_000, 1_010_000);
    }

    [Fact]
    public void A_port_that_was_open_for_a_moment_only_is_not_called_open_on_this_machine()
    {
        foreach ((bool isLocal, int[] open) in new[] { (true, [22]), (false, (int[])[22, 5_000]) })
        {
            int asked = 0;
            ScanReport report = Report(new SimulatedTarget { Answer = (port, _) => port == 22 || (port == 5_000 && asked++ == 0) ? PortState.Open : PortState.Closed, IsLocal = isLocal }, [22, 80, 5_000]);
            Assert.Equal(open, report.Ports.Where(static port => port.State == PortState.Open).Select(static port => (int)port.Port));
            Assert.True(report.Complete);
        }
    }

    [Fact]
    public void How_much_loss_may_hide_is_told_only_where_silence_tells()
    {
        Assert.Null(Report(new SimulatedTarget { Answer = static (_, _) => null }, [22, 80]).MissChance);
        Assert.Equal(0, Report(new SimulatedTarget { Answer = static (_, _) => PortState.Closed }, [22, 80]).MissChance);
        Assert.InRange(Report(new SimulatedTarget { Answer = static (port, _) => port == 22 ? PortState.Open : null }, [22, 80]).MissChance ?? 1, 1e-12, 1e-3);
        long free = 0;
        ScanReport limited = Report(new SimulatedTarget { Answer = (port, now) => port % 1000 == Open ? PortState.Open : now < free ? null : (free = now + 500) > 0 ? PortState.Closed : null });
        Assert.Null(limited.MissChance);
        Assert.Contains(limited.Gaps, static gap => gap.Why.EndsWith("open, closed or filtered", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_port_of_a_host_that_answers_is_asked_more_often_before_it_is_called_silent()
    {
        SimulatedTarget answering = new() { Answer = static (port, _) => port == 80 ? null : PortState.Closed, Loss = 0.01 };
        SimulatedTarget silent = new() { Answer = static (port, _) => port == 81 ? PortState.Open : null, Loss = 0.01 };
        ScannedPort suspicious = Report(answering).Ports.Single(static port => port.Port == 80);
        ScannedPort usual = Report(silent).Ports.Single(static port => port.Port == 80);
        Assert.Equal((PortState.Filtered, PortState.Filtered), (suspicious.State, usual.State));
        Assert.True(suspicious.Probes > usual.Probes, $"{suspicious.Probes} and {usual.Probes}");
    }

    [Fact]
    public void Services_are_not_asked_over_and_over_by_whole_connections()
    {
        SimulatedTarget target = new() { Answer = static (port, _) => port is 22 or 80 ? PortState.Open : null };
        ScanReport report = Scan.Of(target, Request(null, null) with { Method = ProbeKind.Connect }, progress: null, CancellationToken.None);
        Assert.Equal([22, 80], report.Ports.Where(static port => port.State == PortState.Open).Select(static port => (int)port.Port));
        Assert.True(report.Complete);
        Assert.InRange(target.Probes[22] + target.Probes[80], 4, 8 + (8 * target.Seconds)); // four a second each, and those that look for them
    }

    private static void Verify(ScanReport report, PortState rest, string name)
    {
        Assert.Equal(Enumerable.Range(0, 66).Select(static thousand => (thousand * 1000) + Open), report.Ports.Where(static port => port.State == PortState.Open).Select(static port => (int)port.Port));
        Assert.Equal(65_469, report.Ports.Count(port => port.State == rest));
        Assert.True(report.Complete, $"{name}: {string.Join("; ", report.Gaps)}");
    }

    internal static ScanReport Report(SimulatedTarget target, ImmutableArray<ushort>? ports = null, double? rate = null, ulong seed = 1) => Scan.Of(target, Request(ports, rate) with { Seed = seed }, progress: null, CancellationToken.None);

    private static ScanRequest Request(ImmutableArray<ushort>? ports, double? rate) =>
        new() { Target = "t", Address = IpAddress.Parse("192.0.2.7"), TcpPorts = ports ?? PortList.AllTcp.Tcp, Method = ProbeKind.Syn, Rate = rate, Seed = 1 };
}
