using Portcullis.Core.Analysis;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Analysis;

public sealed class AddressScopeTests
{
    [Theory]
    [InlineData("0.0.0.0", Scope.Any)]
    [InlineData("::", Scope.Any)]
    [InlineData("::ffff:0.0.0.0", Scope.Any)]
    [InlineData("127.0.0.1", Scope.Loopback)]
    [InlineData("127.255.255.254", Scope.Loopback)]
    [InlineData("::1", Scope.Loopback)]
    [InlineData("::ffff:127.0.0.1", Scope.Loopback)]
    [InlineData("::2", Scope.Address)]
    [InlineData("128.0.0.1", Scope.Address)]
    [InlineData("169.254.1.1", Scope.Link)]
    [InlineData("fe80::1", Scope.Link)]
    [InlineData("fec0::1", Scope.Address)]
    [InlineData("224.0.0.251", Scope.Link)]
    [InlineData("ff02::fb", Scope.Link)]
    [InlineData("10.77.0.255", Scope.Private)]
    [InlineData("172.31.255.255", Scope.Private)]
    [InlineData("172.32.0.1", Scope.Address)]
    [InlineData("192.168.1.1", Scope.Private)]
    [InlineData("100.64.0.1", Scope.Private)]
    [InlineData("100.128.0.1", Scope.Address)]
    [InlineData("fd77::2", Scope.Private)]
    [InlineData("2001:db8::1", Scope.Address)]
    [InlineData("203.0.113.7", Scope.Address)]
    public void Scope_follows_the_address(string address, Scope scope) => Assert.Equal(scope, AddressScope.Of(IpAddress.Parse(address), null));

    [Fact]
    public void Bound_to_the_loopback_device_is_heard_on_loopback_only()
    {
        NetworkInterface loopback = new() { Index = 1, Name = "lo", IsLoopback = true };
        NetworkInterface ethernet = new() { Index = 2, Name = "eth0" };

        Assert.Equal(Scope.Loopback, AddressScope.Of(IpAddress.AnyV4, loopback));
        Assert.Equal(Scope.Any, AddressScope.Of(IpAddress.AnyV4, ethernet));
    }

    [Fact]
    public void Packet_socket_hears_all_or_one_link()
    {
        Assert.Equal(Scope.Any, AddressScope.Of(null, null));
        Assert.Equal(Scope.Link, AddressScope.Of(null, new NetworkInterface { Index = 2, Name = "eth0" }));
        Assert.Equal(Scope.Loopback, AddressScope.Of(null, new NetworkInterface { Index = 1, Name = "lo", IsLoopback = true }));
    }
}
