using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Knowledge;

public sealed class ServiceNamesTests
{
    [Theory]
    [InlineData(9090, "prometheus")]
    [InlineData(3000, "grafana")]
    [InlineData(8000, "http-alt")]
    [InlineData(5000, "http-app")]
    [InlineData(3389, "rdp")]
    [InlineData(2049, "nfs")]
    [InlineData(465, "submissions")]
    [InlineData(10250, "kubelet")]
    public void Usual_name_stands_where_the_registrys_misleads(int port, string name)
    {
        Assert.Equal(name, ServiceNames.Of(port, Protocol.Tcp));
        Assert.NotEqual(name, Registry.NameOf(port, Protocol.Tcp));
    }

    [Theory]
    [InlineData(22, Protocol.Tcp, "ssh")]
    [InlineData(443, Protocol.Tcp, "https")]
    [InlineData(1, Protocol.Tcp, "tcpmux")]
    [InlineData(123, Protocol.Udp, "ntp")]
    [InlineData(123, Protocol.UdpLite, "ntp")]
    [InlineData(80, Protocol.Sctp, "http")]
    [InlineData(6010, Protocol.Tcp, "x11")]
    public void Registered_name_stands_everywhere_else(int port, Protocol protocol, string name) =>
        Assert.Equal(name, ServiceNames.Of(port, protocol));

    [Theory]
    [InlineData(30017, Protocol.Tcp)]
    [InlineData(60500, Protocol.Udp)]
    [InlineData(49152, Protocol.Tcp)]
    [InlineData(0, Protocol.Packet)]
    [InlineData(-1, Protocol.Udp)]
    [InlineData(70000, Protocol.Udp)]
    public void Nothing_is_named_by_a_guess(int port, Protocol protocol) => Assert.Null(ServiceNames.Of(port, protocol));

    [Theory]
    [InlineData(1, "icmp")]
    [InlineData(2, "igmp")]
    [InlineData(6, "tcp")]
    [InlineData(17, "udp")]
    [InlineData(47, "gre")]
    [InlineData(50, "esp")]
    [InlineData(51, "ah")]
    [InlineData(58, "ipv6-icmp")]
    [InlineData(89, "ospf")]
    [InlineData(112, "vrrp")]
    [InlineData(132, "sctp")]
    [InlineData(255, "raw")]
    [InlineData(253, null)]
    [InlineData(256, null)]
    [InlineData(-1, null)]
    public void Raw_socket_has_the_name_of_its_IP_protocol(int number, string? name) =>
        Assert.Equal(name, ServiceNames.Of(number, Protocol.Raw));
}
