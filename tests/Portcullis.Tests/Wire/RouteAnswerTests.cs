using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class RouteAnswerTests
{
    private const int Seed = 20_261_123;

    private static readonly byte[] s_four = [192, 0, 2, 1];
    private static readonly byte[] s_six = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    [Fact]
    public void Question_is_the_message_of_the_kernels_header()
    {
        // struct nlmsghdr: length, type 26, NLM_F_REQUEST | NLM_F_ACK; struct rtmsg: family, 32 bits of destination; RTA_DST.
        Assert.Equal("24000000" + "1A00" + "0500" + "00000000" + "00000000" + "0220000000000000" + "00000000" + "0800" + "0100" + "C0000201", Convert.ToHexString(RouteAnswer.Request(IpAddress.FromNetworkOrder(s_four))));
        byte[] six = RouteAnswer.Request(IpAddress.FromNetworkOrder(s_six));
        Assert.Equal((48, 10, 128, 20), (six.Length, six[16], six[17], six[28]));
        Assert.Equal(s_six, six[32..]);
        Assert.Equal(Convert.ToHexString(six)[2..] + "0800" + "0400" + "07000000", Convert.ToHexString(RouteAnswer.Request(IpAddress.FromNetworkOrder(s_six), link: 7))[2..]); // RTA_OIF
    }

    [Fact]
    public void Answer_by_a_router_is_read()
    {
        byte[] answer = [.. Head(2, 1), .. Attribute(1, s_four), .. Attribute(4, [3, 0, 0, 0]), .. Attribute(7, [192, 0, 2, 9]), .. Attribute(5, [192, 0, 2, 254]), .. Attribute(12, new byte[32])];
        Assert.True(RouteAnswer.TryDecode(answer, out RouteAnswer route));
        Assert.Equal(new RouteAnswer(1, 3, IpAddress.Parse("192.0.2.9"), IpAddress.Parse("192.0.2.254")), route);
    }

    [Fact]
    public void Answer_of_the_machine_itself_and_of_the_link_has_no_router()
    {
        Assert.True(RouteAnswer.TryDecode([.. Head(10, RouteAnswer.Local), .. Attribute(4, [1, 0, 0, 0]), .. Attribute(7, s_six)], out RouteAnswer route));
        Assert.Equal(new RouteAnswer(RouteAnswer.Local, 1, IpAddress.Parse("2001:db8::1"), null), route);
        Assert.True(RouteAnswer.TryDecode(Head(2, 6), out RouteAnswer hole));
        Assert.Equal(new RouteAnswer(6, 0, null, null), hole);
    }

    [Theory]
    [InlineData(18)]
    [InlineData(6)]
    public void Router_of_either_version_is_read(int size)
    {
        byte[] address = size == 18 ? s_six : s_four;
        byte[] via = [(byte)(size == 18 ? 10 : 2), 0, .. address];
        Assert.True(RouteAnswer.TryDecode([.. Head(2, 1), .. Attribute(18, via)], out RouteAnswer route));
        Assert.Equal(IpAddress.FromNetworkOrder(address), route.Gateway);
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(5, 0)]
    [InlineData(7, 8)]
    [InlineData(18, 4)]
    [InlineData(18, 16)]
    [InlineData(4, 2)]
    public void Value_of_another_length_is_not_taken(int type, int size)
    {
        Assert.True(RouteAnswer.TryDecode([.. Head(2, 1), .. Attribute(type, new byte[size])], out RouteAnswer route));
        Assert.Equal(new RouteAnswer(1, 0, null, null), route);
    }

    [Fact]
    public void Every_truncation_is_malformed_or_ends_between_two_attributes()
    {
        byte[] answer = [.. Head(2, 1), .. Attribute(4, [3, 0, 0, 0]), .. Attribute(5, s_four)];
        for (int length = 0; length <= answer.Length; length++)
        {
            Assert.Equal(length is 12 or 20 or 28, RouteAnswer.TryDecode(answer.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void No_answer_makes_reading_throw()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        byte[] valid = [.. Head(2, 1), .. Attribute(4, [3, 0, 0, 0]), .. Attribute(7, s_six), .. Attribute(18, [2, 0, .. s_four])];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. valid];
            int first = round % 2 == 0 ? 0 : 12;
            random.NextBytes(round % 4 == 0 ? bytes : bytes.AsSpan(random.Next(first, bytes.Length), 1));
            read += RouteAnswer.TryDecode(bytes.AsSpan(0, round % 3 == 0 ? random.Next(bytes.Length) : bytes.Length), out _) ? 1 : 0;
        }

        Assert.InRange(read, 2_000, 18_000);
    }

    private static byte[] Head(byte family, byte type) => [family, 32, 0, 0, 254, 0, 0, type, 0, 0, 0, 0];

    private static byte[] Attribute(int type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(value.Length + 4)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[-value.Length & 3]];
}
