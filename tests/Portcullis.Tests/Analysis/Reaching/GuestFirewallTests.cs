using System;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>Ways in to another namespace that a kernel test cannot set up, or that nothing can be said of.</summary>
public sealed class GuestFirewallTests
{
    [Theory]
    [InlineData("macvlan", "198.51.100.9", "reachable")] // on the wire itself: the host's rules are not asked
    [InlineData("tun", "198.51.100.9", "unknown: who sends to eth0 of the network namespace web")]
    [InlineData("veth", "198.51.100.9", "unknown: who sends to eth0 of the network namespace web")] // the other end is not this host's: only its default route leads there
    [InlineData("veth", "172.17.0.2", "reachable")]
    public void Way_in_tells_whether_anything_can_be_said(string kind, string address, string expected) => Assert.Equal(expected, Internet(Guest(kind, address)));

    [Fact]
    public void Namespace_that_was_not_looked_into_is_unknown() =>
        Assert.Equal("unknown: rules that were not read", Internet(Guest("macvlan", "198.51.100.9") with { Inspected = false }));

    [Fact]
    public void Rules_that_were_not_read_are_unknown() =>
        Assert.Equal("unknown: rules that were not read", Internet(Guest("macvlan", "198.51.100.9") with { Rules = null }));

    [Fact]
    public void Namespace_without_a_way_out_is_reached_by_nobody() =>
        Assert.Equal("blocked", Internet(Guest("veth", "172.17.0.2") with { Interfaces = [] }));

    [Fact]
    public void What_the_host_sends_itself_is_not_claimed()
    {
        Exposure host = HostFirewall.Of(Machine(Guest("veth", "172.17.0.2")), null).ExposureOf(Listener).Single(one => one.Zone == "host");
        Assert.Equal(ReachVerdict.Conditional, host.Verdict);
    }

    private static Listener Listener => new()
    {
        Key = "web:tcp/any/ipv4/80/nginx",
        Namespace = "web",
        Protocol = Protocol.Tcp,
        Family = AddressFamily.Ipv4,
        Address = IpAddress.AnyV4,
        Interface = null,
        Service = new ServiceFacts("http", "system", true),
        Port = 80,
        Scope = Scope.Any,
        Holder = new Holder(HolderKind.Unknown, "?"),
    };

    private static NetworkNamespace Guest(string kind, string address) => new()
    {
        Inode = 2,
        Name = "web",
        Inspected = true,
        Interfaces = [new NetworkInterface { Index = 2, Name = "eth0", Kind = kind, IsUp = true, Addresses = [IpAddress.Parse(address)] }],
        Routes = [],
        Rules = new RulesetDump { Messages = default },
    };

    private static Snapshot Machine(NetworkNamespace guest) => new()
    {
        Schema = Snapshot.SchemaName,
        TakenAt = DateTimeOffset.UnixEpoch,
        Host = new HostFacts { Name = null, Os = null, Kernel = null },
        Namespaces =
        [
            new NetworkNamespace
            {
                Inode = 1,
                Name = NetworkNamespace.HostName,
                Inspected = true,
                Interfaces =
                [
                    new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("203.0.113.7")] },
                    new NetworkInterface { Index = 3, Name = "docker0", Kind = "bridge", IsUp = true, Addresses = [IpAddress.Parse("172.17.0.1")] },
                ],
                Routes = [new NetworkRoute(IpAddress.AnyV4, 0, 2), new NetworkRoute(IpAddress.Parse("172.17.0.0"), 16, 3)],
                Rules = new RulesetDump { Messages = default },
            },
            guest,
        ],
        Sockets = [],
        Gaps = [],
    };

    private static string Internet(NetworkNamespace guest)
    {
        Exposure exposure = HostFirewall.Of(Machine(guest), null).ExposureOf(Listener).Single(one => one.Zone == "internet");
        string verdict = exposure.Verdict.ToString().ToLowerInvariant();
        return exposure.Verdict == ReachVerdict.Unknown ? $"{verdict}: {string.Join(", ", exposure.DependsOn)}" : verdict;
    }
}
