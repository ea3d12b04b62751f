using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Policies;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Xunit;

namespace Portcullis.Tests.Analysis.Judging;

/// <summary>What the role of every machine excuses, and what it must not.</summary>
public sealed class BaseRoleTests
{
    private static readonly HostPolicy _empty = new() { Source = "portcullis.yaml", Roles = [] };

    [Theory]
    [InlineData("127.0.0.53", 53, "/usr/lib/systemd/systemd-resolved", true)]
    [InlineData("0.0.0.0", 53, "/usr/lib/systemd/systemd-resolved", false)]
    [InlineData("192.168.1.5", 53, "/usr/sbin/dnsmasq", false)]
    [InlineData("127.0.0.1", 323, "/usr/sbin/chronyd", true)]
    [InlineData("0.0.0.0", 323, "/usr/sbin/chronyd", false)]
    [InlineData("0.0.0.0", 68, "/sbin/dhclient", true)]
    [InlineData("0.0.0.0", 68, "/opt/backdoor", false)]
    [InlineData("fe80::1", 546, "/usr/lib/systemd/systemd-networkd", true)]
    [InlineData("::", 546, "/usr/lib/systemd/systemd-networkd", false)]
    public void Service_of_every_machine_is_excused_only_as_far_as_its_zones_reach(string address, int port, string program, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed(_empty, Facts.Udp(address, port, 10), program));

    [Fact]
    public void Mail_of_the_machine_itself_is_excused_on_loopback_alone()
    {
        Assert.True(IsAllowed(_empty, Facts.Tcp("127.0.0.1", 25, 10), "/usr/sbin/exim4"));
        Assert.False(IsAllowed(_empty, Facts.Tcp("0.0.0.0", 25, 10), "/usr/sbin/exim4"));
        Assert.False(IsAllowed(_empty, Facts.Tcp("127.0.0.1", 25, 10), "/opt/relay"));
    }

    [Fact]
    public void Frames_are_for_whoever_configures_the_link_and_for_nobody_unseen()
    {
        SocketFacts frames = Facts.Socket(Protocol.Packet, null, 0, 10);
        Assert.True(IsAllowed(_empty, frames, "/sbin/dhclient"));
        Assert.False(IsAllowed(_empty, frames, "/opt/sniffer"));
        Assert.False(IsAllowed(_empty, frames with { Holders = [] }, null));
    }

    [Fact]
    public void Router_advertisements_are_read_by_known_programs_alone()
    {
        SocketFacts icmp = Facts.Socket(Protocol.Raw, "::", 58, 10);
        Assert.True(IsAllowed(_empty, icmp, "/usr/lib/systemd/systemd-networkd"));
        Assert.False(IsAllowed(_empty, icmp, "/opt/implant"));
        Assert.False(IsAllowed(_empty, icmp with { Holders = [] }, null));
        Assert.False(IsAllowed(_empty, Facts.Socket(Protocol.Raw, "0.0.0.0", 1, 10), "/usr/lib/systemd/systemd-networkd"));
    }

    [Fact]
    public void Wide_range_of_a_role_is_its_programs_and_tells_nothing_of_others()
    {
        HostPolicy desktop = _empty with { Roles = [Catalogue.All.Find("desktop")!] };
        Assert.True(IsAllowed(desktop, Facts.Udp("0.0.0.0", 40123, 10), "/usr/sbin/avahi-daemon"));
        Assert.False(IsAllowed(desktop, Facts.Udp("0.0.0.0", 40123), null));

        Assessment stranger = Assess(desktop, Facts.Udp("0.0.0.0", 40123, 10), "/usr/bin/player");
        Assert.Contains(stranger.Findings, finding => finding.Id == "PC1001");
        Assert.DoesNotContain(stranger.Findings, finding => finding.Id == "PC3007");
    }

    [Fact]
    public void Socket_on_a_roles_own_port_is_excused_though_its_holder_was_not_seen()
    {
        HostPolicy server = _empty with { Roles = [Catalogue.All.Find("database-redis")!] };
        Assert.True(IsAllowed(server, Facts.Tcp("10.0.0.5", 6379), null));
        Assert.False(IsAllowed(_empty, Facts.Tcp("10.0.0.5", 6379), null));
    }

    private static bool IsAllowed(HostPolicy policy, SocketFacts socket, string? program) => Assess(policy, socket, program).Listeners.Single().Expected == true;

    private static Assessment Assess(HostPolicy policy, SocketFacts socket, string? program) => Judge.Of(
        Facts.Snapshot(socket) with { Processes = program is null ? ImmutableArray<ProcessFacts>.Empty : [Facts.Process(10, program)] }, policy, Catalogue.All);
}
