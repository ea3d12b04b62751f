using System.Text;
using Portcullis.Core.Knowledge;
using Xunit;

namespace Portcullis.Tests.Knowledge;

public sealed class PortRangeTests
{
    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("22", 22, 22)]
    [InlineData("65535", 65535, 65535)]
    [InlineData("6000-6063", 6000, 6063)]
    [InlineData("0-65535", 0, 65535)]
    public void Port_or_range_is_read_and_written_back(string text, int first, int last)
    {
        Assert.True(PortRange.TryParse(Encoding.UTF8.GetBytes(text), out PortRange range));
        Assert.Equal(new PortRange(first, last), range);
        Assert.Equal(text, range.ToString());
        Assert.Equal(last - first + 1, range.Count);
        Assert.True(range.Contains(first) && range.Contains(last));
        Assert.False(range.Contains(first - 1) || range.Contains(last + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1-")]
    [InlineData("2-2")]
    [InlineData("3-2")]
    [InlineData("1-2-3")]
    [InlineData("65536")]
    [InlineData("4294967296")]
    [InlineData("022")]
    [InlineData(" 22")]
    [InlineData("22 ")]
    [InlineData("0x16")]
    [InlineData("22/tcp")]
    public void Anything_else_is_no_range(string text) => Assert.False(PortRange.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
