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
    private const int Open = 97; // every port whose number has this remainder by 1000

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

    private static void Verify(ScanReport report, PortState rest, string name)
    {
        Assert.Equal(Enumerable.Range(0, 66).Select(static thousand => (thousand * 1000) + Open), report.Ports.Where(static port => port.State == PortState.Open).Select(static port => (int)port.Port));
        Assert.Equal(65_469, report.Ports.Count(port => port.State == rest));
        Assert.True(report.Complete, $"{name}: {string.Join("; ", report.Gaps)}");
    }

    private static ScanReport Report(SimulatedTarget target, ImmutableArray<ushort>? ports = null, double? rate = null) => Scan.Of(
        target,
        new ScanRequest { Target = "t", Address = IpAddress.Parse("192.0.2.7"), TcpPorts = ports ?? PortList.AllTcp.Tcp, Method = ProbeKind.Syn, Rate = rate, Seed = 1 },
        progress: null, CancellationToken.None);
}
