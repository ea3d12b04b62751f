using Portcullis.Core.Model;
using Portcullis.Core.Probing;
using Portcullis.Core.Probing.Tcp;
using Xunit;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>Numbers that wrap, and the first of them.</summary>
public sealed class SequenceNumberTests
{
    [Theory]
    [InlineData(1u, 2u, true)]
    [InlineData(2u, 1u, false)]
    [InlineData(0xffff_ffffu, 0u, true)]
    [InlineData(0u, 0xffff_ffffu, false)]
    [InlineData(0x7fff_ffffu, 0xffff_fffeu, true)]
    [InlineData(5u, 5u, false)]
    public void Comparison_goes_around_the_circle(uint left, uint right, bool isBefore)
    {
        Assert.Equal(isBefore, new SequenceNumber(left) < new SequenceNumber(right));
        Assert.Equal(isBefore, new SequenceNumber(right) > new SequenceNumber(left));
        Assert.Equal(!isBefore, new SequenceNumber(left) >= new SequenceNumber(right));
    }

    [Theory]
    [InlineData(0xffff_fff0u, 0xffff_fff0u, 32, true)]
    [InlineData(0x0000_000fu, 0xffff_fff0u, 32, true)]
    [InlineData(0x0000_0010u, 0xffff_fff0u, 32, false)]
    [InlineData(0xffff_ffefu, 0xffff_fff0u, 32, false)]
    [InlineData(7u, 7u, 0, false)]
    [InlineData(7u, 7u, -1, false)]
    public void Window_goes_around_the_circle(uint number, uint start, int length, bool expected) =>
        Assert.Equal(expected, new SequenceNumber(number).IsIn(new SequenceNumber(start), length));

    [Fact]
    public void Arithmetic_never_throws()
    {
        SequenceNumber top = new(uint.MaxValue);
        Assert.Equal(0u, (top + 1).Value);
        Assert.Equal(uint.MaxValue, (new SequenceNumber(0) + -1).Value);
        Assert.Equal(int.MinValue, new SequenceNumber(0x8000_0000) - new SequenceNumber(0));
        Assert.Equal(1, new SequenceNumber(0) - top);
    }

    [Fact]
    public void First_number_depends_on_connection_secret_and_clock()
    {
        TcpFlow flow = new(IpAddress.Parse("192.0.2.1"), 40000, IpAddress.Parse("192.0.2.2"), 22);
        SipHash secret = new(new byte[16]);
        SequenceNumber number = InitialSequence.Of(flow, secret, System.TimeSpan.Zero);
        Assert.Equal(number, InitialSequence.Of(flow, secret, System.TimeSpan.Zero));
        Assert.Equal(number + 250_000, InitialSequence.Of(flow, secret, System.TimeSpan.FromSeconds(1))); // a clock of 4 microseconds
        Assert.NotEqual(number, InitialSequence.Of(flow with { SourcePort = 40001 }, secret, System.TimeSpan.Zero));
        Assert.NotEqual(number, InitialSequence.Of(flow.Reverse, secret, System.TimeSpan.Zero));
        Assert.NotEqual(number, InitialSequence.Of(flow, new SipHash([1, .. new byte[15]]), System.TimeSpan.Zero));
    }
}
