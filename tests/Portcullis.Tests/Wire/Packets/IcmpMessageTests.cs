using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class IcmpMessageTests
{
    private static readonly IpAddress s_four = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_six = IpAddress.Parse("2001:db8::1");

    [Theory]
    [InlineData(IpVersion.V4, 8, 0, "")]
    [InlineData(IpVersion.V4, 0, 0, "")]
    [InlineData(IpVersion.V4, 3, 0, "error unreachable")]
    [InlineData(IpVersion.V4, 3, 1, "error unreachable")]
    [InlineData(IpVersion.V4, 3, 3, "error unreachable port")]
    [InlineData(IpVersion.V4, 3, 4, "error")]
    [InlineData(IpVersion.V4, 3, 9, "error unreachable prohibited")]
    [InlineData(IpVersion.V4, 3, 10, "error unreachable prohibited")]
    [InlineData(IpVersion.V4, 3, 13, "error unreachable prohibited")]
    [InlineData(IpVersion.V4, 11, 0, "error exceeded")]
    [InlineData(IpVersion.V4, 11, 1, "error")] // a fragment came too late
    [InlineData(IpVersion.V4, 12, 0, "error")]
    [InlineData(IpVersion.V4, 5, 1, "error")]
    [InlineData(IpVersion.V4, 1, 4, "")]
    [InlineData(IpVersion.V6, 128, 0, "")]
    [InlineData(IpVersion.V6, 135, 0, "")]
    [InlineData(IpVersion.V6, 1, 0, "error unreachable")]
    [InlineData(IpVersion.V6, 1, 1, "error unreachable prohibited")]
    [InlineData(IpVersion.V6, 1, 3, "error unreachable")]
    [InlineData(IpVersion.V6, 1, 4, "error unreachable port")]
    [InlineData(IpVersion.V6, 1, 5, "error unreachable prohibited")]
    [InlineData(IpVersion.V6, 1, 6, "error unreachable prohibited")]
    [InlineData(IpVersion.V6, 2, 0, "error")]
    [InlineData(IpVersion.V6, 3, 0, "error exceeded")]
    [InlineData(IpVersion.V6, 3, 1, "error")]
    [InlineData(IpVersion.V6, 127, 0, "error")]
    public void Message_is_told_by_type_and_code(IpVersion version, byte type, byte code, string expected)
    {
        byte[] bytes = [type, code, 0, 0, 1, 2, 3, 4, 5];
        Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes, version, out IcmpMessage message));
        string told = (message.IsError ? "error " : "") + (message.IsTimeExceeded ? "exceeded " : "") + (message.IsUnreachable ? "unreachable " : "")
            + (message.IsPortUnreachable ? "port " : "") + (message.IsProhibited ? "prohibited " : "");
        Assert.Equal(expected, told.TrimEnd());
        Assert.Equal((version, type, code, 0x0102_0304u), (message.Version, message.Type, message.Code, message.Word));
        Assert.Equal([5], message.Body.ToArray());
    }

    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Every_truncation_within_the_header_is_told(IpVersion version)
    {
        byte[] bytes = new byte[12];
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length < 8 ? PacketFault.Truncated : PacketFault.None, IcmpMessage.Read(bytes.AsSpan(0, length), version, out _));
        }
    }

    [Fact]
    public void Message_that_was_written_is_read_and_its_checksum_is_right_until_a_bit_turns()
    {
        RandomPackets random = new(12);
        for (int round = 0; round < 2_000; round++)
        {
            (byte type, byte code, uint word) = (random.Byte, random.Byte, random.Word);
            byte[] body = random.Bytes(random.Random.Next(60));
            (IpAddress source, IpAddress destination) = random.Coin ? (s_four, random.Address(IpVersion.V4)) : (s_six, random.Address(IpVersion.V6));
            byte[] bytes = random.Bytes(8 + body.Length);
            Assert.Equal(bytes.Length, IcmpMessage.Write(bytes, source, destination, type, code, word, body));
            Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes, source.Version, out IcmpMessage message));
            Assert.Equal((type, code, word), (message.Type, message.Code, message.Word));
            Assert.Equal(body, message.Body);
            Assert.True(message.ChecksumIsValid(source, destination));
            bytes[random.Random.Next(bytes.Length)] ^= (byte)(1 << random.Random.Next(8));
            Assert.False(message.ChecksumIsValid(source, destination));
        }
    }

    [Fact]
    public void Addresses_belong_to_the_checksum_of_the_newer_protocol_only()
    {
        byte[] bytes = new byte[8];
        IcmpMessage.Write(bytes, s_six, s_six, 128, 0, 1, []);
        Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes, IpVersion.V6, out IcmpMessage newer));
        Assert.False(newer.ChecksumIsValid(s_six, IpAddress.Parse("2001:db8::2")));
        IcmpMessage.Write(bytes, s_four, s_four, 8, 0, 1, []);
        Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes, IpVersion.V4, out IcmpMessage older));
        Assert.True(older.ChecksumIsValid(s_four, IpAddress.Parse("198.51.100.2")));
    }
}
