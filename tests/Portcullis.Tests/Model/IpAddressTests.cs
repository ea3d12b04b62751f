using System;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Model;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::a:0:0:1")]
    [InlineData("::ffff:192.0.2.1")]
    public void Text_of_an_address_reads_back_as_written(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("256.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("1.2.3.4.5")]
    [InlineData(":::")]
    public void Text_that_is_no_address_is_refused(string? text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void Every_address_reads_back_and_agrees_with_the_library() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            byte[] sixteen = new byte[16];
            for (int at = 0; at < bytes.Length; at++)
            {
                sixteen[at % 16] ^= bytes[at];
            }

            IpAddress six = IpAddress.FromNetworkOrder(sixteen);
            IpAddress four = IpAddress.FromNetworkOrder(sixteen.AsSpan(0, 4));
            Assert.Equal(six, IpAddress.Parse(six.ToString()));
            Assert.Equal(four, IpAddress.Parse(four.ToString()));
            Assert.Equal(new IPAddress(sixteen).ToString(), six.ToString());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prefix_holds_its_first_and_last_address_and_not_its_neighbours()
    {
        IpAddress block = IpAddress.Parse("172.16.0.0");

        Assert.True(IpAddress.Parse("172.16.0.0").IsIn(block, 12));
        Assert.True(IpAddress.Parse("172.31.255.255").IsIn(block, 12));
        Assert.False(IpAddress.Parse("172.15.255.255").IsIn(block, 12));
        Assert.False(IpAddress.Parse("172.32.0.0").IsIn(block, 12));
        Assert.False(IpAddress.Parse("::ac10:0").IsIn(block, 0));
    }

    [Fact]
    public void Mapped_address_becomes_the_one_it_carries()
    {
        Assert.Equal(IpAddress.Parse("127.0.0.1"), IpAddress.Parse("::ffff:127.0.0.1").Unmapped());
        Assert.Equal(IpAddress.Parse("::7f00:1"), IpAddress.Parse("::7f00:1").Unmapped());
    }

    [Fact]
    public void Ipv4_comes_before_ipv6_and_then_by_number() =>
        Assert.True(IpAddress.Parse("255.255.255.255") < IpAddress.AnyV6 && IpAddress.Parse("10.0.0.2") > IpAddress.Parse("9.255.255.255"));
}
