using System;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class TcpOptionsTests
{
    private const string All = "020405B4" + "0402" + "080A" + "00000005" + "00000003" + "030307" + "050A" + "00000010" + "00000020" + "010101";

    private static readonly TcpOptions s_all = new()
    {
        SegmentSize = 1460,
        SackIsPermitted = true,
        Timestamp = (5, 3),
        WindowScale = 7,
        FirstSack = (16, 32),
    };

    [Fact]
    public void All_options_are_read_written_and_told()
    {
        Assert.Equal(s_all, TcpOptions.Read(Convert.FromHexString(All)));
        byte[] written = new byte[TcpOptions.MostBytes];
        Assert.Equal(32, s_all.Write(written));
        Assert.Equal(All, Convert.ToHexString(written.AsSpan(0, 32)));
        Assert.Equal(["mss 1460", "sack ok", "timestamp 5 echo 3", "window scale 7", "sack 16-32"], s_all.Texts());
        Assert.Equal(["malformed options"], TcpOptions.Read([2, 0]).Texts());
        Assert.Empty(default(TcpOptions).Texts());
    }

    [Theory]
    [InlineData("")]
    [InlineData("01010101")]
    [InlineData("00" + "020405B4")] // nothing counts behind the end
    [InlineData("FD04ABCD")] // a kind for experiments (RFC 6994)
    [InlineData("1E04ABCD" + "0101")]
    [InlineData("FE02")]
    public void Bytes_without_known_options_tell_nothing(string hex) => Assert.Equal(default, TcpOptions.Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("02")] // no length
    [InlineData("0200")] // would never end
    [InlineData("0201")]
    [InlineData("FD01")]
    [InlineData("020405")] // cut off
    [InlineData("FDFF")]
    [InlineData("020305")] // other lengths than they have
    [InlineData("020505B400")]
    [InlineData("0302")]
    [InlineData("03040000")]
    [InlineData("040300")]
    [InlineData("0809" + "00000000000000")]
    [InlineData("080B" + "000000000000000000")]
    [InlineData("0502")] // a selective acknowledgement without a block
    [InlineData("0509" + "00000000000000")]
    [InlineData("050B" + "000000000000000000")] // with one and a bit
    [InlineData("0512" + "0000001000000020000000300000")]
    public void Malformed_options_are_told(string hex) => Assert.Equal(new TcpOptions { IsMalformed = true }, TcpOptions.Read(Convert.FromHexString(hex)));

    [Fact]
    public void Options_before_a_fault_are_told()
    {
        Assert.Equal(new TcpOptions { SegmentSize = 1460, IsMalformed = true }, TcpOptions.Read(Convert.FromHexString("020405B4" + "0301")));
        Assert.Equal(new TcpOptions { WindowScale = 7, IsMalformed = true }, TcpOptions.Read(Convert.FromHexString("0203FF" + "030307"))); // and those behind one of wrong length
    }

    [Fact]
    public void First_of_several_blocks_is_told()
    {
        TcpOptions options = TcpOptions.Read(Convert.FromHexString("0512" + "00000010" + "00000020" + "00000030" + "00000040"));
        Assert.Equal(new TcpOptions { FirstSack = (16, 32) }, options);
    }

    [Fact]
    public void Every_truncation_is_malformed_or_between_two_options()
    {
        byte[] bytes = Convert.FromHexString(All);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length is not (0 or 4 or 6 or 16 or 19 or >= 29), TcpOptions.Read(bytes.AsSpan(0, length)).IsMalformed);
        }
    }

    [Fact]
    public void Options_that_were_written_are_read()
    {
        RandomPackets random = new(10);
        byte[] bytes = new byte[TcpOptions.MostBytes];
        for (int round = 0; round < 2_000; round++)
        {
            TcpOptions options = random.TcpOptions();
            random.Random.NextBytes(bytes);
            int length = options.Write(bytes);
            Assert.Equal(0, length % 4);
            Assert.Equal(options, TcpOptions.Read(bytes.AsSpan(0, length)));
        }
    }
}
