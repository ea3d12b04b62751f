using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Xunit;
using static Portcullis.Tests.Analysis.Judging.StackFacts;

namespace Portcullis.Tests.Analysis.Judging;

public sealed class EphemeralPortTests
{
    [Fact]
    public void Service_on_a_port_that_connections_take_is_told_with_the_line_that_reserves_it()
    {
        Finding found = Assert.Single(Find("PC4010", With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/bin/app", "app.service", "net.ipv4.ip_local_reserved_ports=8080,9000-9005")));

        Assert.Equal("tcp/any/ipv4/40000/app.service", found.Subject);
        Assert.Contains("net.ipv4.ip_local_reserved_ports = 8080,9000-9005,40000", found.Remedy, StringComparison.Ordinal);
        Assert.Equal(Severity.Info, found.Severity);
    }

    [Theory]
    [InlineData("net.ipv4.ip_local_reserved_ports=39990-40000")]
    [InlineData("net.ipv4.ip_local_port_range=40001 60999")]
    [InlineData("net.ipv4.ip_local_reserved_ports=many")]
    [InlineData("net.ipv4.ip_local_port_range=")]
    public void Reserved_port_or_one_outside_the_range_is_none(string change) =>
        Assert.Empty(Find("PC4010", With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/bin/app", "app.service", change)));

    [Fact]
    public void Port_that_the_kernel_chose_is_none()
    {
        Assert.Empty(Find("PC4010", With(Facts.Udp("0.0.0.0", 40000, 10), "/usr/sbin/avahi-daemon", "avahi-daemon.service")));
        Assert.Empty(Find("PC4010", With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/sbin/rpc.statd", "rpc-statd.service")));
        Assert.Empty(Find("PC4010", With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/bin/app", null)));
        Assert.Empty(Find("PC4010", With(Facts.Tcp("127.0.0.1", 40000, 10), "/usr/bin/containerd", "containerd.service")));
    }

    [Fact]
    public void Socket_of_each_family_is_told_once()
    {
        Snapshot both = With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/bin/app", "app.service");

        Assert.Single(Find("PC4010", both with { Sockets = [both.Sockets[0], Facts.Tcp("::", 40000, 10) with { V6Only = true, Inode = 5 }] }));
    }

    [Fact]
    public void Accepted_listener_is_none() =>
        Assert.Empty(Find("PC4010", With(Facts.Tcp("0.0.0.0", 40000, 10), "/usr/bin/app", "app.service"), PolicyThat(forwards: false, "tcp/any/ipv4/40000/app.service")));

    private static Snapshot With(SocketFacts socket, string executable, string? unit, params string[] changes) => Snapshot(changes) with
    {
        Sockets = [socket],
        Processes = [Facts.Process(10, executable, unit, Facts.Package("app"))],
        Units = unit is null ? [] : ImmutableArray.Create(Facts.Unit(unit)),
    };
}
