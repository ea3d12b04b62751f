using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Firewall;

public sealed class AddressBoxTests
{
    [Theory]
    [InlineData("10.0.0.0", "10.255.255.255", "10.0.0.0/8")]
    [InlineData("10.0.0.1", "10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.9", "10.0.0.1-10.0.0.9")]
    [InlineData("10.0.0.1", "10.0.0.2", "10.0.0.1-10.0.0.2")]
    [InlineData("0.0.0.0", "255.255.255.255", "0.0.0.0/0")]
    public void Ipv4_is_a_block_or_a_range(string first, string last, string text)
    {
        AddressBox box = new(IpVersion.V4, 0, 0, IpAddress.Parse(first).Low, IpAddress.Parse(last).Low);
        Assert.Equal(text, box.ToString());
        Assert.Equal(text == "0.0.0.0/0", box.IsAll);
        Assert.Equal((IpAddress.Parse(first), IpAddress.Parse(last)), (box.First, box.Last));
    }

    [Theory]
    [InlineData("fd00::", "fd00::ffff:ffff:ffff:ffff", "fd00::/64")]
    [InlineData("fd00::", "fd00:0:0:ffff:ffff:ffff:ffff:ffff", "fd00::/48")]
    [InlineData("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0")]
    [InlineData("fd00::1", "fd00::1", "fd00::1")]
    [InlineData("fd00::1", "fd00::9", "fd00::1-fd00::9")]
    [InlineData("fd00::", "fd00:0:0:5:ffff:ffff:ffff:ffff", "fd00::-fd00::5:ffff:ffff:ffff:ffff")]
    [InlineData("fd00::1", "fd00:0:0:5::9", "fd00::-fd00:0:0:5::, last halves ::1-::9")]
    public void Ipv6_is_a_block_or_a_range_or_a_range_in_each_half(string first, string last, string text)
    {
        (IpAddress low, IpAddress high) = (IpAddress.Parse(first), IpAddress.Parse(last));
        AddressBox box = new(IpVersion.V6, low.High, high.High, low.Low, high.Low);
        Assert.Equal(text, box.ToString());
        Assert.Equal(text == "::/0", box.IsAll);
    }
}
