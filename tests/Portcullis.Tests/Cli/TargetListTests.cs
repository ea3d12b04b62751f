using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Cli.Scanning;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Targets as people name them.</summary>
public sealed class TargetListTests
{
    [Theory]
    [InlineData("10.0.5.7", 1, "10.0.5.7", 0)]
    [InlineData("::ffff:10.0.5.7", 1, "10.0.5.7", 0)]
    [InlineData("[fd00::7]", 1, "fd00::7", 0)]
    [InlineData("fe80::1%1", 1, "fe80::1", 1)]
    [InlineData("fe80::1%lo", 1, "fe80::1", 1)]
    [InlineData("[fe80::1%lo]", 1, "fe80::1", 1)]
    [InlineData("10.0.5.0/28", 16, "10.0.5.0", 0)]
    [InlineData("10.0.5.1-20", 20, "10.0.5.1", 0)]
    public void Hosts_are_understood(string text, int count, string first, int link)
    {
        var targets = TargetList.WithLinks(text);
        Assert.Equal((count, IpAddress.Parse(first), link), (targets.Count, targets[0].Address, targets[0].Link));
        Assert.Equal(count, targets.Select(static target => target.Address).Distinct().Count());
    }

    [Theory]
    [InlineData("0.0.0.0", "stands for all addresses")]
    [InlineData("::", "stands for all addresses")]
    [InlineData("255.255.255.255", "many hosts")]
    [InlineData("224.0.0.1", "many hosts")]
    [InlineData("239.255.255.255", "many hosts")]
    [InlineData("ff02::1", "many hosts")]
    [InlineData("ff02::1%lo", "many hosts")]
    [InlineData("fe80::1%no-such-link", "no interface 'no-such-link'")]
    [InlineData("fe80::1%", "no interface")]
    [InlineData("fe80::1%0", "no interface")]
    [InlineData("10.0.0.1%lo", "no address and no name")]
    [InlineData("10.0.5.20-1", "ends before it begins")]
    public void What_is_no_host_is_refused_in_one_line(string text, string why)
    {
        string message = Assert.Throws<InputException>(() => TargetList.WithLinks(text)).Message;
        Assert.Contains(why, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("223.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("fe00::1")]
    public void Their_neighbours_are_hosts(string text) => Assert.Single(TargetList.Of(text));
}
