using Portcullis.Core.Operations;
using Xunit;

namespace Portcullis.Tests.Probing.Scanning;

/// <summary>Ports as people list them.</summary>
public sealed class PortListTests
{
    [Theory]
    [InlineData("22", "22", "")]
    [InlineData("22,80", "22,80", "")]
    [InlineData("80, 22 ,22", "22,80", "")]
    [InlineData("8000-8002", "8000,8001,8002", "")]
    [InlineData("0", "0", "")]
    [InlineData("53/udp,53/tcp", "53", "53")]
    [InlineData("10-11/udp", "", "10,11")]
    [InlineData("redis", "6379", "")]
    public void Ports_ranges_and_names_are_understood(string text, string tcp, string udp)
    {
        PortList? list = PortList.Parse(text, out string? error);
        Assert.Null(error);
        Assert.Equal(tcp, string.Join(',', list!.Tcp));
        Assert.Equal(udp, string.Join(',', list.Udp));
    }

    [Theory]
    [InlineData("")]
    [InlineData("22,,80")]
    [InlineData("65536")]
    [InlineData("80-79")]
    [InlineData("1-2-3")]
    [InlineData("-5")]
    [InlineData("22/sctp")]
    [InlineData("22/tcp/udp")]
    [InlineData("no-such-service-at-all")]
    [InlineData("99999999999999999999")]
    public void Everything_else_is_refused_with_a_reason(string text)
    {
        Assert.Null(PortList.Parse(text, out string? error));
        Assert.NotEmpty(error!);
    }

    [Fact]
    public void All_is_every_tcp_port_but_the_reserved_one()
    {
        PortList all = PortList.Parse("all", out _)!;
        Assert.Equal(65_535, all.Tcp.Length);
        Assert.Equal(1, all.Tcp[0]);
        Assert.Empty(all.Udp);
    }

    [Fact]
    public void Udp_is_few_ports_and_those_that_matter()
    {
        PortList udp = PortList.Parse("udp", out _)!;
        Assert.Empty(udp.Tcp);
        Assert.InRange(udp.Udp.Length, 30, 300);
        Assert.All(new ushort[] { 53, 123, 161, 1900, 5353 }, port => Assert.Contains(port, udp.Udp));
    }
}
