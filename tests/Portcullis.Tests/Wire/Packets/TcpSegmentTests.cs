using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class TcpSegmentTests
{
    private const string Syn = "1234" + "0050" + "01020304" + "05060708" + "6102" + "0400" + "ABCD" + "0009" + "020405B4" + "616263";

    private static readonly IpAddress s_four = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_six = IpAddress.Parse("2001:db8::1");

    [Fact]
    public void Segment_with_options_is_read()
    {
        Assert.Equal(PacketFault.None, TcpSegment.Read(Convert.FromHexString(Syn), out TcpSegment segment));
        TcpHeader expected = new()
        {
            SourcePort = 0x1234,
            DestinationPort = 80,
            Sequence = 0x0102_0304,
            Acknowledgement = 0x0506_0708,
            Control = TcpControl.Syn | TcpControl.Ae,
            Window = 1024,
            Urgent = 9,
        };
        Assert.Equal(expected, segment.Header);
        Assert.Equal(24, segment.HeaderLength);
        Assert.Equal("020405B4", Convert.ToHexString(segment.Options));
        Assert.Equal("616263", Convert.ToHexString(segment.Payload));
    }

    [Fact]
    public void Every_truncation_within_the_header_is_told_with_its_reason()
    {
        byte[] bytes = Convert.FromHexString(Syn);
        for (int length = 0; length <= bytes.Length; length++)
        {
            PacketFault expected = length < 20 ? PacketFault.Truncated : length < 24 ? PacketFault.HeaderLength : PacketFault.None;
            Assert.Equal(expected, TcpSegment.Read(bytes.AsSpan(0, length), out TcpSegment segment));
            if (expected == PacketFault.None)
            {
                Assert.Equal(length - 24, segment.Payload.Length);
            }
        }
    }

    [Theory]
    [InlineData(0x00, PacketFault.HeaderLength)]
    [InlineData(0x40, PacketFault.HeaderLength)] // 16 bytes
    [InlineData(0x50, PacketFault.None)]
    [InlineData(0x70, PacketFault.HeaderLength)] // 28 bytes of 27
    [InlineData(0xf0, PacketFault.HeaderLength)]
    public void Invalid_offset_is_told(byte offset, PacketFault expected)
    {
        byte[] bytes = Convert.FromHexString(Syn);
        bytes[12] = offset;
        Assert.Equal(expected, TcpSegment.Read(bytes, out _));
    }

    [Theory]
    [InlineData(TcpControl.Syn, 0, 1)]
    [InlineData(TcpControl.Syn | TcpControl.Fin, 5, 7)]
    [InlineData(TcpControl.Ack, 5, 5)]
    [InlineData(TcpControl.Rst | TcpControl.Ack, 0, 0)]
    public void Numbers_that_a_segment_takes_up_are_counted(TcpControl control, int data, int expected)
    {
        byte[] bytes = new byte[20 + data];
        new TcpHeader { Control = control }.Write(bytes, s_four, s_four, default, new byte[data]);
        Assert.Equal(PacketFault.None, TcpSegment.Read(bytes, out TcpSegment segment));
        Assert.Equal(expected, segment.SequenceLength);
    }

    [Fact]
    public void Segment_that_was_written_is_read_and_its_checksum_is_right_until_a_bit_turns()
    {
        RandomPackets random = new(9);
        for (int round = 0; round < 2_000; round++)
        {
            TcpHeader header = random.TcpHeader();
            byte[] options = random.Bytes(4 * random.Random.Next(11));
            byte[] payload = random.Bytes(random.Random.Next(50));
            (IpAddress source, IpAddress destination) = random.Coin ? (s_four, random.Address(IpVersion.V4)) : (s_six, random.Address(IpVersion.V6));
            byte[] bytes = random.Bytes(20 + options.Length + payload.Length);
            Assert.Equal(bytes.Length, header.Write(bytes, source, destination, options, payload));
            Assert.Equal(PacketFault.None, TcpSegment.Read(bytes, out TcpSegment segment));
            Assert.Equal(header, segment.Header);
            Assert.Equal(options, segment.Options);
            Assert.Equal(payload, segment.Payload);
            Assert.True(segment.ChecksumIsValid(source, destination));
            bytes[random.Random.Next(bytes.Length)] ^= (byte)(1 << random.Random.Next(8));
            Assert.False(segment.ChecksumIsValid(source, destination));
        }
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(44, 0)]
    [InlineData(40, 65_476)]
    public void Lengths_that_no_segment_has_are_refused(int options, int payload) =>
        Assert.Throws<ArgumentException>(() => default(TcpHeader).Write(new byte[70_000], s_four, s_four, new byte[options], new byte[payload]));

    [Fact]
    public void First_eight_bytes_of_a_quoted_segment_are_enough()
    {
        byte[] bytes = Convert.FromHexString(Syn);
        for (int length = 0; length <= bytes.Length; length++)
        {
            bool isEnough = TcpSegment.TryReadQuoted(bytes.AsSpan(0, length), out ushort from, out ushort to, out uint sequence);
            Assert.Equal(length >= 8, isEnough);
            Assert.Equal(isEnough ? (0x1234, 80, 0x0102_0304u) : (0, 0, 0u), (from, to, sequence));
        }
    }
}
