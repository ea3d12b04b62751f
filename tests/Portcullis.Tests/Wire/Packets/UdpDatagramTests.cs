using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class UdpDatagramTests
{
    private const string Valid = "1234" + "0035" + "000B" + "0000" + "686921";

    private static readonly IpAddress s_four = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress s_six = IpAddress.Parse("2001:db8::1");

    [Fact]
    public void Datagram_is_read_and_what_lies_behind_it_cut_off()
    {
        Assert.Equal(PacketFault.None, UdpDatagram.Read(Convert.FromHexString(Valid + "EEEE"), out UdpDatagram datagram));
        Assert.Equal((0x1234, 53), (datagram.SourcePort, datagram.DestinationPort));
        Assert.Equal("hi!"u8, datagram.Payload);
        Assert.True(datagram.HasNoChecksum);
        Assert.True(datagram.ChecksumIsValid(s_four, s_four));
        Assert.False(datagram.ChecksumIsValid(s_six, s_six)); // RFC 8200, 8.1
    }

    [Fact]
    public void Every_truncation_is_told_with_its_reason()
    {
        byte[] bytes = Convert.FromHexString(Valid);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(length < 8 ? PacketFault.Truncated : PacketFault.TotalLength, UdpDatagram.Read(bytes.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0, PacketFault.TotalLength)]
    [InlineData(7, PacketFault.TotalLength)]
    [InlineData(8, PacketFault.None)]
    [InlineData(11, PacketFault.None)]
    [InlineData(12, PacketFault.TotalLength)]
    public void Invalid_length_is_told(byte told, PacketFault expected)
    {
        byte[] bytes = Convert.FromHexString(Valid);
        bytes[5] = told;
        Assert.Equal(expected, UdpDatagram.Read(bytes, out UdpDatagram datagram));
        if (expected == PacketFault.None)
        {
            Assert.Equal(told - 8, datagram.Payload.Length);
        }
    }

    [Fact]
    public void Datagram_that_was_written_is_read_and_its_checksum_is_right_until_a_bit_turns()
    {
        RandomPackets random = new(11);
        for (int round = 0; round < 2_000; round++)
        {
            (ushort from, ushort to) = (random.Number, random.Number);
            byte[] payload = random.Bytes(random.Random.Next(50));
            (IpAddress source, IpAddress destination) = random.Coin ? (s_four, random.Address(IpVersion.V4)) : (s_six, random.Address(IpVersion.V6));
            byte[] bytes = random.Bytes(8 + payload.Length);
            Assert.Equal(bytes.Length, UdpDatagram.Write(bytes, source, destination, from, to, payload));
            Assert.Equal(PacketFault.None, UdpDatagram.Read(bytes, out UdpDatagram datagram));
            Assert.Equal((from, to, false), (datagram.SourcePort, datagram.DestinationPort, datagram.HasNoChecksum));
            Assert.Equal(payload, datagram.Payload);
            Assert.True(datagram.ChecksumIsValid(source, destination));
            bytes[random.Random.Next(4)] ^= (byte)(1 << random.Random.Next(8));
            Assert.False(datagram.ChecksumIsValid(source, destination));
        }
    }

    [Fact]
    public void Checksum_of_zero_is_written_as_all_ones()
    {
        // The other words sum up to FFFF: C000+0201 twice, 0011, 0009 twice, the ports; so the second port makes up for the rest.
        byte[] bytes = new byte[9];
        int rest = 0xc201 + 0xc201 + 0x11 + 9 + 9 + 0x100;
        ushort port = (ushort)(0xffff - ((rest & 0xffff) + (rest >> 16)));
        UdpDatagram.Write(bytes, s_four, s_four, 0, port, [1]);
        Assert.Equal("FFFF", Convert.ToHexString(bytes.AsSpan(6, 2)));
        Assert.Equal(PacketFault.None, UdpDatagram.Read(bytes, out UdpDatagram datagram));
        Assert.True(datagram.ChecksumIsValid(s_four, s_four));
        Assert.False(datagram.HasNoChecksum);
    }

    [Fact]
    public void More_data_than_a_datagram_has_is_refused()
    {
        Assert.Equal(65_535, UdpDatagram.Write(new byte[65_535], s_four, s_four, 1, 2, new byte[65_527]));
        Assert.Throws<ArgumentException>(() => UdpDatagram.Write(new byte[70_000], s_four, s_four, 1, 2, new byte[65_528]));
    }
}
