using Portcullis.Core.Model;
using Portcullis.Core.Text.Kernel;
using Xunit;

namespace Portcullis.Tests.Text.Kernel;

/// <summary>The forms are those of the kernel's own printf calls, 6.18.</summary>
public sealed class KernelTextTests
{
    private const string Ports = "rdma 20049\ntcp 2049\nudp 2049\ntcp 2049\nudp 2049\n";

    private const string Locals =
        "Proto Local                                           Use Act RxQ\n" +
        "UDP   [::]:7001                                         2   1   0\n" +
        "UDP   192.0.2.1:7010                                    2   1   0\n" +
        "UDP   0.0.0.0:0                                         1   0   0\n";

    [Fact]
    public void Nfs_ports_are_told_once_each_and_rdma_is_none()
    {
        NfsPortList list = NfsPortList.Parse(Ports);

        Assert.Equal([(Protocol.Tcp, 2049), (Protocol.Udp, 2049)], list.Ports);
        Assert.Null(list.Error);
        Assert.Empty(NfsPortList.Parse("").Ports);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tcp 0")]
    [InlineData("tcp 65536")]
    [InlineData("sctp 2049")]
    [InlineData("tcp 2049 2049")]
    public void Nfs_line_of_another_form_is_an_error_and_the_others_stay(string line)
    {
        NfsPortList list = NfsPortList.Parse($"{line}\nudp 2049\n");

        Assert.NotNull(list.Error);
        Assert.Equal([(Protocol.Udp, 2049)], list.Ports);
    }

    [Theory]
    [InlineData("2 running 445 17\n", 445, false)]
    [InlineData("2 shutdown 445 17\n", null, false)]
    [InlineData("2 running 0 17\n", null, true)]
    [InlineData("3 running 445 17\n", null, true)]
    [InlineData("", null, true)]
    public void Smb_server_has_its_port_while_it_runs(string text, int? port, bool wrong)
    {
        KsmbdStats stats = KsmbdStats.Parse(text);

        Assert.Equal(port, stats.Port);
        Assert.Equal(wrong, stats.Error is not null);
    }

    [Fact]
    public void Afs_sockets_are_told_with_their_addresses()
    {
        RxrpcLocals locals = RxrpcLocals.Parse(Locals);

        Assert.Equal([new Portal(IpAddress.AnyV6, 7001), new Portal(IpAddress.Parse("192.0.2.1"), 7010)], locals.Sockets);
        Assert.Null(locals.Error);
        Assert.NotNull(RxrpcLocals.Parse("UDP 7001\n").Error);
    }

    [Theory]
    [InlineData("0.0.0.0:3260", "0.0.0.0", 3260)]
    [InlineData("[2001:db8::1]:3260", "2001:db8::1", 3260)]
    [InlineData("2001:db8::1:3260", null, 0)]
    [InlineData("[192.0.2.1]:3260", null, 0)]
    [InlineData("192.0.2.1", null, 0)]
    [InlineData(":3260", null, 0)]
    [InlineData("192.0.2.1:-1", null, 0)]
    public void Portal_is_an_address_and_a_port(string text, string? address, int port) =>
        Assert.Equal(address is null ? null : new Portal(IpAddress.Parse(address), port), Portal.Parse(text));

    [Fact]
    public void Readers_survive_noise()
    {
        TextFuzz.Run(Ports, static text => NfsPortList.Parse(text));
        TextFuzz.Run(Locals, static text => RxrpcLocals.Parse(text));
        TextFuzz.Run("2 running 445 17\n", static text => KsmbdStats.Parse(text));
    }
}
