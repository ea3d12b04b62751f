using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Cli.Json;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Scans;
using Xunit;

namespace Portcullis.Tests.Text.Scans;

/// <summary>What a scan printed on another machine is read as it was meant, whatever that machine sends.</summary>
public sealed class ScanAnswerTests
{
    private static readonly IpAddress s_address = IpAddress.Parse("203.0.113.7");
    private static readonly ImmutableArray<ushort> s_tcp = [.. Enumerable.Range(1, 1000).Select(port => (ushort)port)];
    private static readonly ImmutableArray<ushort> s_udp = [53, 161];
    private static readonly ScanReport s_report = new()
    {
        Target = "203.0.113.7",
        Address = s_address,
        Source = IpAddress.Parse("198.51.100.9"),
        Method = ProbeKind.Syn,
        Ports =
        [
            .. s_tcp.Select(port => new ScannedPort(Protocol.Tcp, port, port switch { 22 or 443 => PortState.Open, 25 => PortState.Rejected, 700 => PortState.Unknown, _ => PortState.Filtered })),
            .. s_udp.Select(port => new ScannedPort(Protocol.Udp, port, port == 53 ? PortState.Open : PortState.OpenOrFiltered)),
        ],
        Gaps = [new Gap("something", "for a reason", "mend it"), new Gap("else", "why", null)],
    };

    [Fact]
    public void Answer_that_was_written_is_read_as_it_was()
    {
        Assert.True(ScanAnswer.TryRead(ScanJson.Write(s_report, isLine: false), s_address, s_tcp, s_udp, out ScanReport? read, out string? error), error);

        Assert.Equal(s_report.Ports.Select(port => (port.Protocol, port.Port, port.State)), read!.Ports.Select(port => (port.Protocol, port.Port, port.State)));
        Assert.Equal(s_report.Gaps, read.Gaps);
        Assert.Equal(s_report.Source, read.Source);
    }

    [Fact]
    public void Answer_that_does_not_say_that_it_is_complete_is_not()
    {
        string text = Encoding.UTF8.GetString(ScanJson.Write(s_report with { Gaps = [] }, isLine: false));

        Assert.Empty(Read(text)!.Gaps);
        Assert.NotEmpty(Read(text.Replace("\"complete\": true", "\"complete\": false", StringComparison.Ordinal))!.Gaps);
    }

    [Theory]
    [InlineData("", "it is no JSON")]
    [InlineData("[]", "shape")]
    [InlineData("{\"schema\":7}", "another kind")]
    [InlineData("{\"schema\":\"portcullis/trace/1\"}", "shape")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.8\"}", "another address")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\"}", "list of ports is missing")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[]}", "summary is missing")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[{\"protocol\":\"tcp\",\"port\":65536,\"state\":\"open\"}],\"summary\":{}}", "place 1")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[{\"protocol\":\"tcp\",\"port\":1,\"state\":\"ajar\"}],\"summary\":{}}", "place 1")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[{\"protocol\":\"tcp\",\"port\":1,\"state\":\"open\"}],\"summary\":{\"open\":0}}", "do not fit")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[],\"summary\":{\"closed\":5,\"filtered\":5}}", "do not fit")]
    [InlineData("{\"schema\":\"portcullis/scan/1\",\"address\":\"203.0.113.7\",\"ports\":[],\"summary\":{\"closed\":70000}}", "do not fit")]
    public void Anything_else_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(ScanAnswer.TryRead(Encoding.UTF8.GetBytes(text), s_address, s_tcp, s_udp, out ScanReport? report, out string? error));
        Assert.Null(report);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Spoiled_answers_never_throw()
    {
        int read = 0;
        TextFuzz.RunBytes(ScanJson.Write(s_report with { Ports = [.. s_report.Ports.Where(port => port.Port is 22 or 25 or 53 or 161)] }, isLine: true), spoiled =>
        {
            read += ScanAnswer.TryRead(spoiled, s_address, [22, 25], s_udp, out ScanReport? report, out string? error) ? 1 : 0;
            Assert.NotEqual(report is null, error is null);
        });

        Assert.NotEqual(0, read);
    }

    private static ScanReport? Read(string text) => ScanAnswer.TryRead(Encoding.UTF8.GetBytes(text), s_address, s_tcp, s_udp, out ScanReport? report, out string? error) ? report : throw new InvalidOperationException(error);
}
