using System.Linq;
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
    [InlineData("0.0.0.0-255.255.255.255", "any")]
    [InlineData("0.0.0.0-172.16.255.255 172.18.0.0-255.255.255.255", "any but 172.17.0.0/16")]
    [InlineData("0.0.0.0-9.255.255.255 11.0.0.0-192.167.255.255 192.169.0.0-255.255.255.255", "any but 10.0.0.0/8, 192.168.0.0/16")]
    [InlineData("10.0.0.0-255.255.255.255", "10.0.0.0-255.255.255.255")] // one range is as short
    [InlineData("10.0.0.1-10.0.0.1 10.0.0.3-10.0.0.3", "10.0.0.1, 10.0.0.3")]
    [InlineData("10.0.0.1-10.0.0.1 10.0.0.3-10.0.0.3 10.0.0.5-10.0.0.5 10.0.0.7-10.0.0.7", "10.0.0.1, 10.0.0.3, 10.0.0.5 and 1 more range")]
    [InlineData("::-fd76:ffff:ffff:ffff:ffff:ffff:ffff:ffff fd77:0:0:1::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "any but fd77::/64")]
    [InlineData("fd77::1-fd77::1 fd77::3-fd77::3", "fd77::1, fd77::3")]
    public void Several_are_told_by_what_they_are_or_by_what_they_are_not(string ranges, string text)
    {
        AddressBox[] boxes = [.. ranges.Split(' ').Select(range => range.Split('-')).Select(ends => (First: IpAddress.Parse(ends[0]), Last: IpAddress.Parse(ends[1])))
            .Select(ends => new AddressBox(ends.First.Version, ends.First.Version == IpVersion.V4 ? 0 : ends.First.High, ends.First.Version == IpVersion.V4 ? 0 : ends.Last.High, ends.First.Low, ends.Last.Low))];
        Assert.Equal(text, AddressBoxes.TextOf(AddressBoxes.Merged(boxes), 3));
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
