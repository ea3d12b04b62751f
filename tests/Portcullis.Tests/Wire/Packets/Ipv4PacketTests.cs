using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class Ipv4PacketTests
{
    private const string Alert = "4600" + "0020" + "1234" + "4000" + "40" + "06" + "0000" + "C0000201" + "C6336402" + "94040000" + "0102030405060708";

    [Fact]
    public void Packet_with_options_is_read()
    {
        byte[] bytes = [.. Convert.FromHexString(Alert), 0xee, 0xee]; // padding behind it
        Assert.Equal(PacketFault.None, Ipv4Packet.Read(bytes, out Ipv4Packet packet));
        Ipv4Header expected = new()
        {
            Identification = 0x1234,
            DontFragment = true,
            TimeToLive = 64,
            Protocol = 6,
            Source = IpAddress.Parse("192.0.2.1"),
            Destination = IpAddress.Parse("198.51.100.2"),
        };
        Assert.Equal(expected, packet.Header);
        Assert.Equal((24, 32, false), (packet.HeaderLength, packet.TotalLength, packet.IsFragment));
        Assert.Equal("94040000", Convert.ToHexString(packet.Options));
        Assert.Equal("0102030405060708", Convert.ToHexString(packet.Payload));
        Assert.False(packet.ChecksumIsValid);
    }

    [Fact]
    public void Every_truncation_is_told_with_its_reason()
    {
        byte[] bytes = Convert.FromHexString(Alert);
        for (int length = 0; length <= bytes.Length; length++)
        {
            PacketFault inHeader = length < 20 ? PacketFault.Truncated : length < 24 ? PacketFault.HeaderLength : PacketFault.None;
            PacketFault expected = inHeader == PacketFault.None && length < 32 ? PacketFault.TotalLength : inHeader;
            Assert.Equal(expected, Ipv4Packet.Read(bytes.AsSpan(0, length), out _));
            Assert.Equal(inHeader, Ipv4Packet.Read(bytes.AsSpan(0, length), out Ipv4Packet quoted, isQuoted: true));
            if (inHeader == PacketFault.None)
            {
                Assert.Equal((32, length - 24), (quoted.TotalLength, quoted.Payload.Length));
            }
        }
    }

    [Theory]
    [InlineData(0, 0x56, PacketFault.Kind)]
    [InlineData(0, 0x66, PacketFault.Kind)]
    [InlineData(0, 0x44, PacketFault.HeaderLength)] // 16 bytes
    [InlineData(0, 0x40, PacketFault.HeaderLength)]
    [InlineData(0, 0x4f, PacketFault.HeaderLength)] // 60 bytes
    [InlineData(3, 23, PacketFault.TotalLength)] // less than its header
    [InlineData(3, 0, PacketFault.TotalLength)]
    [InlineData(3, 33, PacketFault.TotalLength)]
    [InlineData(2, 0xff, PacketFault.TotalLength)]
    [InlineData(3, 24, PacketFault.None)]
    public void Invalid_packet_is_told_with_its_reason(int at, byte value, PacketFault expected)
    {
        byte[] bytes = Convert.FromHexString(Alert);
        bytes[at] = value;
        Assert.Equal(expected, Ipv4Packet.Read(bytes, out _));
    }

    [Theory]
    [InlineData(0x0000, false, false, 0, false)]
    [InlineData(0x8000, false, false, 0, false)] // the reserved bit
    [InlineData(0x4000, true, false, 0, false)]
    [InlineData(0x2000, false, true, 0, true)]
    [InlineData(0x0001, false, false, 8, true)]
    [InlineData(0x3fff, false, true, 65_528, true)]
    public void Fragments_are_told(int word, bool dont, bool more, int offset, bool isFragment)
    {
        byte[] bytes = Convert.FromHexString(Alert);
        bytes[6] = (byte)(word >> 8);
        bytes[7] = (byte)word;
        Assert.Equal(PacketFault.None, Ipv4Packet.Read(bytes, out Ipv4Packet packet));
        Ipv4Header header = packet.Header;
        Assert.Equal((dont, more, offset, isFragment), (header.DontFragment, header.MoreFragments, header.FragmentOffset, packet.IsFragment));
        Assert.Equal(PacketFault.None, IpPacket.Read(bytes, out IpPacket either));
        Assert.Equal(offset > 0, either.IsLaterFragment);
    }

    [Fact]
    public void Header_that_was_written_is_read_and_its_checksum_is_right_until_a_bit_turns()
    {
        RandomPackets random = new(4);
        byte[] bytes = new byte[100];
        for (int round = 0; round < 2_000; round++)
        {
            Ipv4Header header = random.FourHeader(random.Byte, random.Address(IpVersion.V4), random.Address(IpVersion.V4));
            byte[] options = random.Bytes(4 * random.Random.Next(11));
            int payload = random.Random.Next(40);
            random.Random.NextBytes(bytes);
            int length = header.Write(bytes, payload, options);
            Assert.Equal(20 + options.Length, length);
            Assert.Equal(PacketFault.None, Ipv4Packet.Read(bytes, out Ipv4Packet packet));
            Assert.Equal(header, packet.Header);
            Assert.Equal(options, packet.Options);
            Assert.Equal(bytes.AsSpan(length, payload), packet.Payload);
            Assert.True(packet.ChecksumIsValid);
            bytes[8] ^= (byte)(1 << random.Random.Next(8));
            Assert.False(packet.ChecksumIsValid);
        }
    }

    [Theory]
    [InlineData(65_516, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 3, 0)]
    [InlineData(0, 44, 0)]
    [InlineData(0, 0, 4)]
    [InlineData(0, 0, 65_536)]
    [InlineData(0, 0, -8)]
    public void Lengths_that_no_packet_has_are_refused(int payload, int options, int offset)
    {
        Ipv4Header header = new() { Source = IpAddress.AnyV4, Destination = IpAddress.AnyV4, FragmentOffset = offset };
        Assert.Throws<ArgumentException>(() => header.Write(new byte[100], payload, new byte[options]));
    }

    [Fact]
    public void Longest_packet_is_written()
    {
        byte[] bytes = new byte[65_535];
        Assert.Equal(60, new Ipv4Header { Source = IpAddress.AnyV4, Destination = IpAddress.AnyV4 }.Write(bytes, 65_475, new byte[40]));
        Assert.Equal(PacketFault.None, Ipv4Packet.Read(bytes, out Ipv4Packet packet));
        Assert.Equal(65_475, packet.Payload.Length);
    }
}
