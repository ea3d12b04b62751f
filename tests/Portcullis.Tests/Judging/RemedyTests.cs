using System;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>A remedy must not harm whoever follows it.</summary>
public sealed class RemedyTests
{
    [Theory]
    [InlineData("sshd", "openssh-server", 22, "your own way in")]
    [InlineData("openvpn", "openvpn", 1194, "your own way in")]
    [InlineData("dhclient", "isc-dhcp-client", 68, "network of this machine")]
    [InlineData("redis-server", "redis-server", 6379, null)]
    public void What_may_be_the_way_in_is_not_stopped_without_a_warning(string program, string package, int port, string? warning)
    {
        string remedy = Remedy.Stop(Only(new Scene().Daemon("0.0.0.0", port, program, package).Snapshot));

        Assert.Contains("systemctl disable --now", remedy, StringComparison.Ordinal);
        Assert.Equal(warning is null, !remedy.Contains("console", StringComparison.Ordinal));
        Assert.Contains(warning ?? "", remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("systemd", false)]
    [InlineData("network-manager", false)]
    [InlineData("busybox", false)]
    [InlineData("redis-server", true)]
    public void Package_on_which_the_machine_rests_is_never_to_be_removed(string package, bool removed)
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", 8080, "some", package).Snapshot;
        Snapshot stopped = Facts.Snapshot() with { Stopped = [Facts.Unit("redis-server.service", Facts.Package(package)) with { Enabled = "disabled" }] };

        Assert.Equal(removed, Remedy.Stop(Only(snapshot)).Contains("apt-get remove", StringComparison.Ordinal));
        Assert.Equal(removed, Facts.Judged(stopped).Findings.Single(one => one.Id == "PC5001").Remedy.Contains("apt-get remove", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_is_told_to_kill_the_first_process()
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp("0.0.0.0", 8080, 1)) with { Processes = [Facts.Manager] };

        Assert.DoesNotContain("kill", Remedy.Stop(Only(snapshot)), StringComparison.Ordinal);
        Assert.Contains("kill", Remedy.Stop(Only(new Scene().Loose("0.0.0.0", 8080, "/opt/x").Snapshot)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker", "docker stop web")]
    [InlineData("podman", "podman stop web")]
    [InlineData("nspawn", "machinectl stop web")]
    [InlineData("lxc", "lxc-stop -n web")]
    [InlineData("cri-o", "kubectl")]
    [InlineData("other", "by what made it (other)")]
    public void Container_is_stopped_by_its_own_engine(string engine, string command)
    {
        Listener listener = Only(new Scene().Loose("0.0.0.0", 8080, "/opt/x").Snapshot) with { Container = new ContainerFacts { Engine = engine, Id = "0123", Name = "web" } };

        Assert.Contains(command, Remedy.Stop(listener), StringComparison.Ordinal);
        Assert.Equal(engine == "docker", Remedy.Stop(listener).Contains("docker", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("static", "mask --now")]
    [InlineData("enabled", "disable --now")]
    public void Unit_that_cannot_be_disabled_is_masked(string enabled, string command)
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", 8080, "app", "app").Snapshot;

        Assert.Contains(command, Remedy.Stop(Only(snapshot with { Units = [snapshot.Units[0] with { Enabled = enabled }] })), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_name_of_an_interface_stays_in_its_word()
    {
        NetworkInterface device = new() { Index = 2, Name = "a';reboot;'", IsUp = true, Addresses = [IpAddress.Parse("203.0.113.7")] };
        NetworkInterface other = new() { Index = 3, Name = "eth1", IsUp = true };
        Snapshot snapshot = Facts.Snapshot();
        snapshot = snapshot with
        {
            Namespaces =
            [
                snapshot.Namespaces[0] with
                {
                    Interfaces = [device, other],
                    Stack =
                    [
                        new StackSetting("net.ipv4.conf.all.rp_filter", "0", null), new StackSetting("net.ipv4.conf.a';reboot;'.rp_filter", "0", null),
                        new StackSetting("net.ipv4.conf.eth1.rp_filter", "1", null),
                    ],
                },
            ],
        };
        Finding finding = Facts.Judged(snapshot).Findings.Single(one => one.Id == "PC4002");

        Assert.Contains("'net.ipv4.conf.a'\\'';reboot;'\\''.rp_filter = 2'", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Session_that_forwards_a_port_is_no_second_daemon()
    {
        Scene scene = new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx");
        ProcessFacts session = Facts.Process(scene.NextPid, "/usr/sbin/sshd", package: Facts.Package("openssh-server")) with { CommandLine = ["sshd: alice@pts/0"], User = "alice" };
        Finding finding = Facts.Judged(scene.Add(Facts.Tcp("0.0.0.0", 8080), session).Snapshot).Findings.Single(one => one.Id == "PC3008");

        Assert.Contains(finding.Evidence, fact => fact.Contains("ssh -R", StringComparison.Ordinal));
        Assert.DoesNotContain("remove", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "app.service", Severity.High)]
    [InlineData(null, "app.service", Severity.Medium)]
    [InlineData(null, null, Severity.High)]
    public void Daemon_of_which_no_package_database_tells_may_have_been_updated(bool? packaged, string? unit, Severity severity)
    {
        Scene scene = new();
        ProcessFacts process = Facts.Process(scene.NextPid, "/usr/bin/app", unit) with { Origin = ExecutableOrigin.Deleted, Packaged = packaged, Uid = 1000 };

        Assert.Equal(severity, Facts.Judged(scene.Add(Facts.Tcp("0.0.0.0", 8080), process).Snapshot).Findings.Single(one => one.Id == "PC3001").Severity);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(1000u, false)]
    public void Users_own_unit_proves_nothing_by_its_name(uint? user, bool expected)
    {
        Scene scene = new();
        string group = user is null ? "/system.slice/redis-server.service" : "/user.slice/user-1000.slice/user@1000.service/app.slice/redis-server.service";
        ProcessFacts process = Facts.Process(scene.NextPid, "/home/alice/x") with { Cgroup = group, Uid = 1000, Packaged = false };
        Snapshot snapshot = scene.Add(Facts.Tcp("10.0.0.1", 6379), process).Snapshot with { Units = [Facts.Unit("redis-server.service") with { User = user }] };

        Assert.Equal(expected, Facts.Judged(snapshot, Facts.Policy("roles: [database-redis]")).Listeners.Single().Expected);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Exception_for_a_holder_that_could_not_be_seen_is_not_called_spent(bool hasSocket, bool spent)
    {
        Snapshot snapshot = hasSocket ? Facts.Snapshot(Facts.Tcp("0.0.0.0", 8080)) : Facts.Snapshot();
        Assessment judged = Facts.Judged(snapshot, Facts.Policy("roles: []\nallow:\n  - key: tcp/any/ipv4/8080/app.service\n    reason: ours\n"));

        Assert.Equal(spent, judged.Findings.Any(one => one.Id == "PC1005"));
    }

    private static Listener Only(Snapshot snapshot) => Assert.Single(Facts.Listeners(snapshot));
}
