using System.Linq;
using System.Text.Json;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What people read of a scan.</summary>
public sealed class ScanTextTests
{
    private static readonly ScanReport s_server = new()
    {
        Target = "web1",
        Address = IpAddress.Parse("10.0.5.7"),
        Source = IpAddress.Parse("10.0.5.1"),
        Method = ProbeKind.Syn,
        Ports =
        [
            .. Enumerable.Range(1, 2_000).Select(static port => port switch
            {
                22 => Open(port, 210, null),
                80 => Open(port, 305, null),
                443 => Open(port, 298, null),
                25 or 587 => new ScannedPort(Protocol.Tcp, (ushort)port, PortState.Rejected) { Probes = 1, RoundTrip = 940, By = IpAddress.Parse("10.0.5.254") },
                _ when port % 2 == 0 && port > 1_000 => new ScannedPort(Protocol.Tcp, (ushort)port, PortState.Filtered) { Probes = 5 },
                _ => new ScannedPort(Protocol.Tcp, (ushort)port, PortState.Closed) { Probes = 1, RoundTrip = 200 },
            }),
            new ScannedPort(Protocol.Udp, 53, PortState.OpenOrFiltered) { Probes = 3 },
        ],
        Seconds = 1.204,
        PacketsSent = 4_321,
        Loss = 0.0123,
        ProbesForSilence = 5,
        MissChance = 4.1e-6,
    };

    private static readonly ScanReport s_identified = s_server with
    {
        Ports =
        [
            .. s_server.Ports.Select(static port => port.Port switch
            {
                22 => port with { Dialogue = Known(new IdentifiedService { Name = "ssh", Product = "OpenSSH", Version = "9.2p1", Evidence = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7", Authentication = AuthenticationDemand.Asked }) },
                80 => port with { Dialogue = Known(new IdentifiedService { Name = "redis", Product = "Redis", Version = "7.0.15", Evidence = "+PONG", Authentication = AuthenticationDemand.NotAsked, AuthenticationNote = "answers without a password" }) },
                443 => port with { Dialogue = new DialogueResult { End = DialogueEnd.NotConnected, Sentence = "no connection could be made: it took too long", Connections = 1 } },
                _ => port,
            }),
        ],
        Gaps = [new Gap("what answers on 1 of the open ports", "they answered the scan, and then no ordinary connection could be made", "look from the inside: portcullis audit on the target")],
    };

    [Fact]
    public void Headline_says_first_what_is_not_known()
    {
        ScanReport unknown = s_server with { Ports = [.. s_server.Ports.Select(static port => port.State == PortState.Open ? port : port with { State = PortState.Unknown })] };
        Assert.Equal("web1 (10.0.5.7): at least 3 of 2,001 ports are open; of 1,998 it is not known.", Headline(unknown));
        Assert.Equal("web1 (10.0.5.7): none was found open, but of 1,998 of 1,998 ports it is not known.", Headline(unknown with { Ports = [.. unknown.Ports.Where(static port => port.State != PortState.Open)] }));
        Assert.Equal("web1 (10.0.5.7): 3 of 2,001 ports are open.", Headline(s_server));
    }

    [Fact]
    public void Rows_that_are_left_out_are_told()
    {
        ScanReport many = s_server with { Ports = [.. Enumerable.Range(1, 70).Select(static port => Open(port, 200, null))] };
        Assert.Contains("These are the first 60; --verbose shows all 70.", Text(many, all: false));
        Assert.DoesNotContain("--verbose", Text(many, all: true));
        Assert.DoesNotContain("--verbose", Text(s_server, all: false));
    }

    private static string Headline(ScanReport report) => Text(report, all: false).Split('\n')[0];

    private static string Text(ScanReport report, bool all) => ScanText.Render(report, new Terminal(120, Color: false, Unicode: true), whyConnect: null, all);

    public static TheoryData<string, int> Widths => new() { { "plain", 80 }, { "plain", 120 }, { "identified", 80 }, { "identified", 100 }, { "identified", 120 } };

    [Theory]
    [MemberData(nameof(Widths))]
    public void Text_is_as_agreed(string kind, int width) => Golden.Matches(
        $"scan-{kind}-{width}.txt", ScanText.Render(kind == "plain" ? s_server : s_identified, new Terminal(width, Color: false, Unicode: true), whyConnect: null, all: false));

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void Who_may_use_a_service_is_never_cut(int width)
    {
        string text = Text(s_identified, width);
        Assert.Contains("answers without a password", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void Target_that_was_not_probed_is_not_told_as_one_without_ports()
    {
        string text = Text(new ScanReport { Target = "10.0.5.9", Address = IpAddress.Parse("10.0.5.9"), Gaps = [new Gap("the target", "no host on the link answers for 10.0.5.9", null)] }, 80);
        Assert.StartsWith("10.0.5.9 could not be probed.\n", text);
        Assert.Contains("no host on the link", text);
        Assert.DoesNotContain("0 p", text);
    }

    [Fact]
    public void Ports_of_the_commonest_state_are_told_where_few_ranges_do()
    {
        ScannedPort[] closed = [.. Enumerable.Range(1, 60).Select(static port => new ScannedPort(Protocol.Tcp, (ushort)port, PortState.Closed))];
        Assert.Contains("60 closed (the host refuses): 1-60", Text(s_server with { Ports = [.. closed] }, 120));
        ScannedPort[] torn = [.. closed.Select(static port => port.Port % 5 == 0 ? port with { State = PortState.Open } : port)];
        Assert.Contains("48 closed (the host refuses)\n", Text(s_server with { Ports = [.. torn] }, 120));
    }

    [Theory]
    [InlineData(0.01, 1e-6, "hid an open one with a chance of 1 in 1,000,000")]
    [InlineData(0.01, null, "was asked up to 5 times. What")]
    [InlineData(null, null, "nothing answered, so that it is not known how much got lost")]
    public void Chance_is_told_where_it_is_known(double? loss, double? chance, string expected)
    {
        ScanReport report = s_server with { Loss = loss, MissChance = chance };
        Assert.Contains(expected, Text(report, 1_000));
        JsonElement summary = JsonDocument.Parse(ScanJson.Write(report, isLine: true)).RootElement.GetProperty("summary");
        Assert.Equal(chance is null ? JsonValueKind.Null : JsonValueKind.Number, summary.GetProperty("missChance").ValueKind);
        Assert.Equal(loss is null ? JsonValueKind.Null : JsonValueKind.Number, summary.GetProperty("loss").ValueKind);
    }

    private static string Text(ScanReport report, int width) => ScanText.Render(report, new Terminal(width, Color: false, Unicode: true), whyConnect: null, all: false);

    private static ScannedPort Open(int port, int time, DialogueResult? dialogue) => new(Protocol.Tcp, (ushort)port, PortState.Open) { Probes = 1, RoundTrip = time, Hops = 64, Dialogue = dialogue };

    private static DialogueResult Known(IdentifiedService service) => new() { End = DialogueEnd.Identified, Service = service, Seen = service.Evidence, Sentence = $"speaks {service.FullName}", Connections = 1 };
}
