using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Xunit;

namespace Portcullis.Tests.Probing.Scanning;

/// <summary>What a scan makes of the questions to open ports.</summary>
public sealed class ScanDialoguesTests
{
    [Theory]
    [InlineData(DialogueEnd.Identified, null)]
    [InlineData(DialogueEnd.Unrecognised, null)]
    [InlineData(DialogueEnd.Silent, null)]
    [InlineData(DialogueEnd.ClosedAtOnce, null)]
    [InlineData(DialogueEnd.GivenUp, "given up before all")]
    [InlineData(DialogueEnd.NotConnected, "no ordinary connection")]
    public void Only_what_was_asked_to_the_end_is_complete(DialogueEnd end, string? gap)
    {
        ScanReport report = Scanned(new SimulatedTarget { Answer = static (_, _) => PortState.Open, Dialogue = _ => new DialogueResult { End = end, Sentence = "", Connections = 1 } }, TestContext.Current.CancellationToken);
        Assert.Equal(gap is null, report.Complete);
        Assert.False(report.WasInterrupted);
        Assert.All(report.Gaps, one => Assert.Contains(gap!, one.Why));
        Assert.All(report.Ports, port => Assert.Equal(end, port.Dialogue?.End));
    }

    [Fact]
    public void Interrupted_questions_are_an_interrupted_scan()
    {
        using CancellationTokenSource ended = new();
        ScanReport report = Scanned(new SimulatedTarget { Answer = static (_, _) => PortState.Open, BeforeDialogues = ended.Cancel }, ended.Token);
        Assert.True(report.WasInterrupted);
        Assert.Contains(report.Gaps, static gap => gap.What == "what answers on 2 of the open ports" && gap.Why == "the scan was interrupted");
    }

    [Fact]
    public void An_interruption_after_all_was_known_interrupts_nothing()
    {
        using CancellationTokenSource ended = new();
        ScanReport report = Scanned(new SimulatedTarget { Answer = static (_, _) => PortState.Closed, BeforeDialogues = ended.Cancel }, ended.Token);
        Assert.False(report.WasInterrupted);
        Assert.True(report.Complete);
    }

    [Fact]
    public void A_name_is_passed_on_and_an_address_is_not()
    {
        foreach ((string target, int link, string? host) in new[] { ("web1", 0, "web1"), ("192.0.2.7", 0, null), ("fe80::1%eth0", 3, (string?)null) })
        {
            SimulatedTarget simulated = new() { Answer = static (_, _) => PortState.Open };
            Scan.Of(simulated, Request() with { Target = target, Link = link }, progress: null, TestContext.Current.CancellationToken);
            Assert.Equal((host, link), (simulated.AskedHost, simulated.AskedLink));
        }
    }

    private static ScanReport Scanned(SimulatedTarget target, CancellationToken cancellation) => Scan.Of(target, Request(), progress: null, cancellation);

    private static ScanRequest Request() => new() { Target = "192.0.2.7", Address = IpAddress.Parse("192.0.2.7"), TcpPorts = [22, 80], Method = ProbeKind.Syn, Identify = true, Seed = 1 };
}
