using System.Linq;
using System.Text;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Knowledge;

public sealed class PortKnowledgeTests
{
    [Fact]
    public void Row_is_read_field_by_field()
    {
        PortFacts facts = PortKnowledge.Lookup(53, Protocol.Udp)!;
        Assert.Equal(new PortRange(53, 53), facts.Ports);
        Assert.Equal(Protocol.Udp, facts.Protocol);
        Assert.Equal("dns", facts.Name);
        Assert.Equal("domain", facts.Registered?.Name);
        Assert.Contains("Unbound", facts.UsedBy);
        Assert.Equal(ClearText.Yes, facts.ClearText);
        Assert.Equal("853 domain-s (DNS over TLS or QUIC)", facts.Encrypted);
        Assert.Equal(AdvisedExposure.Internet, facts.Exposure);
        Assert.Equal("28-54", facts.Amplification);
        Assert.Equal(RiskLevel.Medium, facts.Risk);
        Assert.Contains("bind9", facts.Packages);
        Assert.Contains("named.service", facts.Units);
        Assert.Equal("DNS Server", facts.WindowsService);
        Assert.Contains("TA14", facts.Sources);
        Assert.Null(facts.DefaultBind);
        Assert.Empty(facts.Exploited);
    }

    [Theory]
    [InlineData(6379, Protocol.Tcp, AdvisedExposure.Loopback, "redis-server.service")]
    [InlineData(5432, Protocol.Tcp, AdvisedExposure.Private, "postgresql@.service")]
    [InlineData(22, Protocol.Tcp, AdvisedExposure.Management, "ssh.socket")]
    [InlineData(9090, Protocol.Tcp, AdvisedExposure.Loopback, "cockpit.socket")]
    [InlineData(389, Protocol.Tcp, AdvisedExposure.Private, "slapd.service")]
    public void Usual_servers_name_their_exposure_and_unit(int port, Protocol protocol, AdvisedExposure exposure, string unit)
    {
        PortFacts facts = PortKnowledge.Lookup(port, protocol)!;
        Assert.Equal(exposure, facts.Exposure);
        Assert.Contains(unit, facts.Units);
    }

    [Theory]
    [InlineData(22, Protocol.Udp)]
    [InlineData(1, Protocol.Tcp)]
    [InlineData(65535, Protocol.Tcp)]
    [InlineData(-1, Protocol.Tcp)]
    [InlineData(65589, Protocol.Udp)]
    [InlineData(6, Protocol.Raw)]
    [InlineData(0, Protocol.Packet)]
    [InlineData(53, Protocol.Sctp)]
    public void Port_that_nobody_described_has_no_facts(int port, Protocol protocol) => Assert.Null(PortKnowledge.Lookup(port, protocol));

    [Theory]
    [InlineData(31999, "k8s-nodeport")]
    [InlineData(32400, "plex")]
    [InlineData(30000, "k8s-nodeport")]
    [InlineData(32767, "k8s-nodeport")]
    public void Port_of_its_own_wins_over_a_range_around_it(int port, string name) =>
        Assert.Equal(name, PortKnowledge.Lookup(port, Protocol.Tcp)?.Name);

    [Theory]
    [InlineData("7\ttcp\tone\n7-9\ttcp\tmany\n")]
    [InlineData("7-9\ttcp\tmany\n7\ttcp\tone\n")]
    public void Narrower_range_wins_wherever_its_row_stands(string text)
    {
        var table = new PortTable(Table.OfText(Encoding.UTF8.GetBytes(text)));
        Assert.Equal("one", table.Name(table.Find(7, "tcp"u8)));
        Assert.Equal("many", table.Name(table.Find(8, "tcp"u8)));
        Assert.Equal(-1, table.Find(7, "udp"u8));
    }

    [Theory]
    [InlineData(29999)]
    [InlineData(32768)]
    public void Range_ends_where_it_ends(int port) => Assert.Null(PortKnowledge.Lookup(port, Protocol.Tcp));

    [Fact]
    public void UDP_Lite_has_the_facts_of_UDP()
    {
        PortFacts facts = PortKnowledge.Lookup(53, Protocol.UdpLite)!;
        Assert.Equal("dns", facts.Name);
        Assert.Equal(Protocol.UdpLite, facts.Protocol);
        Assert.Equal(Protocol.UdpLite, facts.Registered?.Protocol);
    }

    [Theory]
    [InlineData("RDP", "3389/Tcp 3389/Udp")]
    [InlineData("grafana", "3000/Tcp")]
    [InlineData("Grafana Loki", "3100/Tcp 9095/Tcp")]
    [InlineData("openssh-server", "22/Tcp")]
    [InlineData("Grafan", "")]
    [InlineData("", "")]
    [InlineData("3389", "")]
    public void Name_program_or_package_finds_its_ports(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', PortKnowledge.FindByName(name).Select(f => $"{f.Ports}/{f.Protocol}")));

    [Fact]
    public void Every_row_is_found_by_its_first_port()
    {
        foreach (PortFacts facts in PortKnowledge.All())
            Assert.Equal(facts.Name, PortKnowledge.Lookup(facts.Ports.First, facts.Protocol)?.Name);
    }
}
