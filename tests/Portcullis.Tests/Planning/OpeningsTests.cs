using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Planning;

/// <summary>What a policy wants let in: no more than it says, and no less.</summary>
public sealed class OpeningsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Services_of_roles_are_let_in_from_their_zones()
    {
        Assert.Equal(["http 80/tcp from internet", "https 443/tcp from internet", "ssh 22/tcp from admin"], Of("zones: { admin: [10.0.5.0/24] }\nroles: [web-server, ssh-admin]"));
        Assert.Equal(["ssh 22/tcp from private"], Of("roles: [ssh-admin]")); // where the policy defines no zone admin
    }

    [Fact]
    public void Service_that_a_role_may_be_without_is_let_in_once_it_listens()
    {
        Listener quic = Listener(Protocol.Udp, 443, Scope.Any);
        Assert.Contains("http3 443/udp from internet", Of("roles: [web-server]", quic));
        Assert.DoesNotContain("http3 443/udp from internet", Of("roles: [web-server]", quic with { Scope = Scope.Loopback }));
        Assert.DoesNotContain("http3 443/udp from internet", Of("roles: [web-server]", quic with { Expected = false })); // something else holds the port
        Assert.DoesNotContain("http3 443/udp from internet", Of("roles: [web-server]", quic with { Namespace = "dark" }));
    }

    [Fact]
    public void What_only_this_host_may_reach_is_not_let_in()
    {
        Assert.Empty(Of("roles: [base]", Listener(Protocol.Udp, 53, Scope.Any)));
        Assert.Equal(["dhcp-client 68/udp from internet"], Of("roles: [base]", Listener(Protocol.Udp, 68, Scope.Any)).Distinct());
    }

    [Theory]
    [InlineData("port: 8080/tcp", "port 8080/tcp 8080/tcp from internet")]
    [InlineData("key: tcp/any/ipv4/8080/app.service", "key tcp/any/ipv4/8080/app.service 8080/tcp from internet")]
    [InlineData("key: dark:tcp/any/ipv4/8080/app.service", null)]
    [InlineData("key: sysctl/net.ipv4.tcp_syncookies", null)]
    public void Exceptions_are_let_in_while_they_hold(string what, string? expected)
    {
        string policy = $"roles: []\nallow:\n  - {what}\n    from: internet\n    reason: x\n    expires: ";
        Assert.Equal(expected is null ? [] : [expected], Of(policy + "2026-11-22"));
        Assert.Empty(Of(policy + "2026-11-21"));
    }

    private static string[] Of(string yaml, params ImmutableArray<Listener> listeners) =>
        [.. Openings.Of(Facts.Policy(yaml), null, listeners, s_now).Select(static one => $"{one.Name} {string.Join(',', one.Ports)} from {string.Join(',', one.From)}")];

    private static Listener Listener(Protocol protocol, int port, Scope scope) => new()
    {
        Key = "",
        Protocol = protocol,
        Address = IpAddress.AnyV4,
        Port = port,
        Interface = null,
        Scope = scope,
        Family = AddressFamily.Ipv4,
        Namespace = NetworkNamespace.HostName,
        Holder = new Holder(HolderKind.Unit, "x.service"),
        Service = new ServiceFacts(null, null, null),
        Expected = true,
    };
}
