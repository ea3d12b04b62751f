using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Xunit;
using static Portcullis.Tests.Analysis.Judging.StackFacts;

namespace Portcullis.Tests.Analysis.Judging;

/// <summary>The rules by which "all" and an interface's own value act together are those of include/linux/inetdevice.h.</summary>
public sealed class StackTests
{
    [Theory]
    [InlineData("PC4001", "sysctl:net.ipv4.tcp_syncookies", "net.ipv4.tcp_syncookies=0")]
    [InlineData("PC4002", "sysctl:net.ipv4.conf.all.rp_filter")]
    [InlineData("PC4002", "sysctl:net.ipv4.conf.eth1.rp_filter", "net.ipv4.conf.eth0.rp_filter=1")]
    [InlineData("PC4003", "sysctl:net.ipv4.conf.all.accept_redirects", "net.ipv6.conf.eth0.accept_redirects=0", "net.ipv6.conf.eth1.accept_redirects=0")]
    [InlineData("PC4003", "sysctl:net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.eth0.accept_redirects=0", "net.ipv6.conf.eth0.disable_ipv6=1", "net.ipv6.conf.eth1.disable_ipv6=1")]
    [InlineData("PC4003", "sysctl:net.ipv6.conf.eth1.accept_redirects", "net.ipv4.conf.all.accept_redirects=0", "net.ipv4.conf.eth0.accept_redirects=0", "net.ipv4.conf.eth1.accept_redirects=0", "net.ipv6.conf.eth0.accept_redirects=0")]
    [InlineData("PC4004", "sysctl:net.ipv4.conf.eth0.send_redirects", "net.ipv4.conf.eth0.forwarding=1")]
    [InlineData("PC4004", "sysctl:net.ipv4.conf.eth0.send_redirects", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.eth0.send_redirects=0")]
    [InlineData("PC4005", "sysctl:net.ipv4.conf.all.accept_source_route", "net.ipv4.conf.all.accept_source_route=1")]
    [InlineData("PC4006", "sysctl:net.ipv6.conf.all.accept_ra")]
    [InlineData("PC4006", "sysctl:net.ipv6.conf.eth0.accept_ra", "net.ipv6.conf.eth0.forwarding=1", "net.ipv6.conf.eth0.accept_ra=2", "net.ipv6.conf.eth1.accept_ra=0")]
    [InlineData("PC4007", "sysctl:net.ipv4.ip_forward", "net.ipv4.ip_forward=1")]
    [InlineData("PC4007", "sysctl:net.ipv4.conf.eth1.forwarding", "net.ipv4.conf.eth1.forwarding=1")]
    [InlineData("PC4007", "sysctl:net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.forwarding=1")]
    [InlineData("PC4008", "sysctl:net.ipv4.conf.all.log_martians")]
    [InlineData("PC4009", "sysctl:net.ipv4.tcp_timestamps", "net.ipv4.tcp_timestamps=2")]
    [InlineData("PC4009", "sysctl:net.ipv4.tcp_timestamps", "net.ipv4.tcp_timestamps=0")]
    [InlineData("PC4011", "sysctl:net.ipv4.icmp_echo_ignore_broadcasts", "net.ipv4.icmp_echo_ignore_broadcasts=0")]
    public void Switch_that_lets_strangers_in_is_one_finding(string id, string subject, params string[] changes)
    {
        Finding found = Assert.Single(Find(id, Snapshot(changes)), finding => finding.Subject == subject);

        Assert.NotEmpty(found.Evidence);
        Assert.Contains("/etc/sysctl.d/50-portcullis.conf && sudo sysctl --system", found.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Find(id, Snapshot(changes), PolicyThat(forwards: false, subject)), finding => finding.Subject == subject);
    }

    [Theory]
    [InlineData("PC4001", "net.ipv4.tcp_syncookies=2")]
    [InlineData("PC4002", "net.ipv4.conf.all.rp_filter=2")]
    [InlineData("PC4002", "net.ipv4.conf.eth0.rp_filter=2", "net.ipv4.conf.eth1.rp_filter=1")]
    [InlineData("PC4004")]
    [InlineData("PC4004", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.eth0.send_redirects=0", "net.ipv4.conf.all.send_redirects=0")]
    [InlineData("PC4005")]
    [InlineData("PC4005", "net.ipv4.conf.all.accept_source_route=1", "net.ipv4.conf.eth0.accept_source_route=0", "net.ipv4.conf.eth1.accept_source_route=0")]
    [InlineData("PC4005", "net.ipv6.conf.all.accept_source_route=1", "net.ipv6.conf.eth0.accept_source_route=1")]
    [InlineData("PC4006", "net.ipv6.conf.eth0.forwarding=1", "net.ipv6.conf.eth1.accept_ra=0")]
    [InlineData("PC4006", "net.ipv6.conf.eth0.disable_ipv6=1", "net.ipv6.conf.eth1.accept_ra=0")]
    [InlineData("PC4007", "net.ipv4.conf.lo.forwarding=1")]
    [InlineData("PC4008", "net.ipv4.conf.all.log_martians=1")]
    [InlineData("PC4009")]
    [InlineData("PC4011")]
    public void Near_one_is_none(string id, params string[] changes) => Assert.Empty(Find(id, Snapshot(changes)));

    [Fact]
    public void Redirects_need_both_values_on_a_host_that_forwards()
    {
        string[] forwarding = ["net.ipv4.ip_forward=1", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.eth1.forwarding=1", "net.ipv6.conf.all.accept_redirects=0", "net.ipv6.conf.eth0.accept_redirects=0", "net.ipv6.conf.eth1.accept_redirects=0"];

        Assert.Empty(Find("PC4003", Snapshot([.. forwarding, "net.ipv4.conf.all.accept_redirects=0"])));
        Assert.Equal(Severity.Low, Assert.Single(Find("PC4003", Snapshot(forwarding))).Severity);
    }

    [Fact]
    public void Forwarding_is_what_a_router_is_for()
    {
        string[] forwarding = ["net.ipv4.ip_forward=1", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.eth1.forwarding=1", "net.ipv6.conf.all.forwarding=1"];

        Assert.Empty(Find("PC4007", Snapshot(forwarding), PolicyThat(forwards: true)));
        Assert.Empty(Find("PC4004", Snapshot(forwarding), PolicyThat(forwards: true)));
        Assert.Equal([Severity.Medium, Severity.Medium], Find("PC4007", Snapshot(forwarding), PolicyThat(forwards: false)).Select(finding => finding.Severity));
        Assert.Equal(Severity.Low, Find("PC4007", Single(forwarding), PolicyThat(forwards: false))[0].Severity);
        Assert.Equal(Severity.Info, Find("PC4007", Snapshot(forwarding))[0].Severity);
    }

    [Fact]
    public void Container_engine_explains_forwarding_where_no_policy_says_otherwise()
    {
        Snapshot bare = Snapshot("net.ipv4.ip_forward=1");
        Snapshot docker = bare with { Containers = [new ContainerFacts { Engine = "docker", Id = "1" }] };
        Snapshot bridge = bare with
        {
            Namespaces = [bare.Namespaces[0] with { Interfaces = [.. bare.Namespaces[0].Interfaces, new NetworkInterface { Index = 9, Name = "docker0", Kind = "bridge" }] }],
        };

        Assert.Empty(Find("PC4007", docker));
        Assert.Empty(Find("PC4007", bridge));
        Assert.Single(Find("PC4007", docker, PolicyThat(forwards: false)));
    }

    [Fact]
    public void Bridge_of_a_container_engine_is_no_second_network()
    {
        Snapshot two = Snapshot();
        Snapshot docker = two with
        {
            Namespaces = [two.Namespaces[0] with { Interfaces = [.. two.Namespaces[0].Interfaces.Select(one => one.Name == "eth1" ? one with { Name = "docker0", Kind = "bridge" } : one)] }],
        };

        Assert.Equal(Severity.Info, Assert.Single(Find("PC4002", docker)).Severity);
        Assert.Equal(Severity.Low, Assert.Single(Find("PC4002", two)).Severity);
    }

    [Fact]
    public void Advertisements_weigh_more_where_nobody_uses_them()
    {
        Assert.Equal(Severity.Low, Assert.Single(Find("PC4006", Single(), PolicyThat(forwards: false))).Severity);
        Assert.Equal(Severity.Info, Assert.Single(Find("PC4006", Single())).Severity);

        Snapshot single = Single();
        Snapshot addressed = single with
        {
            Namespaces = [single.Namespaces[0] with { Interfaces = [single.Namespaces[0].Interfaces[0], single.Namespaces[0].Interfaces[1] with { Addresses = [IpAddress.Parse("2001:db8::5")] }] }],
        };
        Assert.Equal(Severity.Info, Assert.Single(Find("PC4006", addressed, PolicyThat(forwards: false))).Severity);
    }

    [Fact]
    public void Accepting_it_of_one_interface_leaves_the_others()
    {
        ImmutableArray<Finding> found = Find("PC4002", Snapshot(), PolicyThat(forwards: false, "sysctl:net.ipv4.conf.eth0.rp_filter"));

        Assert.Equal("sysctl:net.ipv4.conf.eth1.rp_filter", Assert.Single(found).Subject);
        Assert.Empty(Find("PC4002", Snapshot(), PolicyThat(forwards: false, "sysctl:net.ipv4.conf.eth0.rp_filter", "sysctl:net.ipv4.conf.eth1.rp_filter")));
    }

    [Fact]
    public void Interface_that_is_down_hears_nobody()
    {
        Snapshot two = Snapshot("net.ipv4.conf.eth0.rp_filter=1");
        Snapshot down = two with { Namespaces = [two.Namespaces[0] with { Interfaces = [.. two.Namespaces[0].Interfaces.Select(one => one with { IsUp = one.Name != "eth1" })] }] };

        Assert.Empty(Find("PC4002", down));
        Assert.Single(Find("PC4002", two));
    }

    [Fact]
    public void Name_with_a_dot_is_written_as_sysctl_writes_it()
    {
        Snapshot plain = Single();
        NetworkNamespace host = plain.Namespaces[0];
        Snapshot vlan = plain with
        {
            Namespaces =
            [
                host with
                {
                    Interfaces = [.. host.Interfaces, new NetworkInterface { Index = 9, Name = "eth0.100", IsUp = true }],
                    Stack = [.. host.Stack!.Value.Select(one => one.Name == "net.ipv4.conf.eth0.rp_filter" ? one with { Value = "1" } : one), new StackSetting("net.ipv4.conf.eth0/100.rp_filter", "0", null)],
                },
            ],
        };

        Assert.Equal("sysctl:net.ipv4.conf.eth0/100.rp_filter", Assert.Single(Find("PC4002", vlan)).Subject);
    }

    [Fact]
    public void Plain_debian_is_told_calmly()
    {
        Assert.All(Judge.Of(Single(), null, new RoleCatalogue([])).Findings, finding => Assert.Equal(Severity.Info, finding.Severity));
        Assert.Equal(5, Judge.Of(Single(), null, new RoleCatalogue([])).Findings.Length);
        Assert.All(Judge.Of(Snapshot(), null, new RoleCatalogue([])).Findings, finding => Assert.InRange(finding.Severity, Severity.Info, Severity.Low));
    }

    [Fact]
    public void Switches_that_were_not_read_are_no_findings()
    {
        Snapshot unread = Snapshot("net.ipv4.tcp_syncookies=0") with { Namespaces = [Facts.Network(Facts.Host, NetworkNamespace.HostName)] };

        Assert.Empty(Judge.Of(unread, null, new RoleCatalogue([])).Findings);
        Assert.Empty(Find("PC4001", Snapshot("net.ipv4.tcp_syncookies=lots")));
    }

    [Fact]
    public void Remedy_knows_the_file_that_would_have_the_last_word()
    {
        Finding Of(string place)
        {
            Snapshot off = Snapshot("net.ipv4.tcp_syncookies=0");
            NetworkNamespace host = off.Namespaces[0];
            return Assert.Single(Find("PC4001", off with
            {
                Namespaces = [host with { Stack = [.. host.Stack!.Value.Select(one => one.Name == "net.ipv4.tcp_syncookies" ? one with { SetBy = place } : one)] }],
            }));
        }

        Assert.StartsWith("take the line out of /etc/sysctl.d/90-speed.conf:3, then: echo", Of("/etc/sysctl.d/90-speed.conf:3").Remedy, StringComparison.Ordinal);
        Assert.StartsWith("take the line out of /etc/sysctl.conf:3", Of("/etc/sysctl.conf:3").Remedy, StringComparison.Ordinal);
        Assert.StartsWith("echo 'net.ipv4.tcp_syncookies = 1' | sudo tee", Of("/usr/lib/sysctl.d/10-vendor.conf:3").Remedy, StringComparison.Ordinal);
        Assert.Equal("/usr/lib/sysctl.d/10-vendor.conf:3", Of("/usr/lib/sysctl.d/10-vendor.conf:3").Location);
    }
}
