using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>Roles are recognised by what runs, and no more of them than that.</summary>
public sealed class LikelyRolesTests
{
    [Theory]
    [InlineData("0.0.0.0", 22, "sshd", "openssh-server", Protocol.Tcp, "ssh-admin")]
    [InlineData("0.0.0.0", 161, "snmpd", "snmpd", Protocol.Udp, "monitoring-target")]
    [InlineData("127.0.0.1", 161, "snmpd", "snmpd", Protocol.Udp, "")]
    [InlineData("0.0.0.0", 9090, "prometheus", "prometheus", Protocol.Tcp, "monitoring-server")]
    [InlineData("0.0.0.0", 179, "bgpd", "frr", Protocol.Tcp, "router")]
    [InlineData("0.0.0.0", 9150, "prometheus-memcached-exporter", "prometheus-memcached-exporter", Protocol.Tcp, "")] // a wide range says little
    [InlineData("0.0.0.0", 5665, "icinga2", "icinga2", Protocol.Tcp, "")] // of the server, or of what it watches
    [InlineData("0.0.0.0", 5353, "avahi-daemon", "avahi-daemon", Protocol.Udp, "")] // desktops and print servers have it
    [InlineData("127.0.0.1", 631, "cupsd", "cups", Protocol.Tcp, "")]
    [InlineData("0.0.0.0", 1194, "openvpn", "openvpn", Protocol.Udp, "vpn-gateway")]
    [InlineData("0.0.0.0", 1194, "strange", "strange", Protocol.Udp, "")]
    public void Role_that_needs_none_of_its_services_is_recognised_by_one_of_its_own(string address, int port, string program, string package, Protocol protocol, string roles) =>
        Assert.Equal(roles, string.Join(' ', Facts.Judged(new Scene().Daemon(address, port, program, package, protocol: protocol).Snapshot).LikelyRoles));

    [Fact]
    public void Kernels_own_service_is_recognised_by_its_port()
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp("0.0.0.0", 2049));
        Snapshot served = snapshot with { Namespaces = [snapshot.Namespaces[0] with { KernelServices = [new KernelService("nfsd", Protocol.Tcp, null, 2049, "/proc/fs/nfsd/portlist")] }] };

        Assert.Equal(["file-server-nfs"], Facts.Judged(served).LikelyRoles);
        Assert.Empty(Facts.Judged(snapshot).LikelyRoles);
    }
}
