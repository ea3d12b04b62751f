using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
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
        Assert.Contains(Report(new SimulatedTarget { Answer = static (_, _) => null, IsOnLink = false }, [22, 80]).Gaps, static gap => gap.Why.Contains("is down"));
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

    private static void Verify(ScanReport report, PortState rest, string name)
    {
        Assert.Equal(Enumerable.Range(0, 66).Select(static thousand => (thousand * 1000) + Open), report.Ports.Where(static port => port.State == PortState.Open).Select(static port => (int)port.Port));
        Assert.Equal(65_469, report.Ports.Count(port => port.State == rest));
        Assert.True(report.Complete, $"{name}: {string.Join("; ", report.Gaps)}");
    }

    private static ScanReport Report(SimulatedTarget target, ImmutableArray<ushort>? ports = null, double? rate = null) => Scan.Of(target, Request(ports, rate), progress: null, CancellationToken.None);

    private static ScanRequest Request(ImmutableArray<ushort>? ports, double? rate) =>
        new() { Target = "t", Address = IpAddress.Parse("192.0.2.7"), TcpPorts = ports ?? PortList.AllTcp.Tcp, Method = ProbeKind.Syn, Rate = rate, Seed = 1 };
}
