using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class ArpPacketTests
{
    private const string Question = "0001" + "0800" + "06" + "04" + "0001" + "02000000000A" + "C0000201" + "000000000000" + "C0000202";

    [Fact]
    public void Question_is_read_and_written()
    {
        byte[] bytes = Convert.FromHexString(Question);
        ArpPacket expected = new(false, new MacAddress(0x0200_0000_000a), IpAddress.Parse("192.0.2.1"), default, IpAddress.Parse("192.0.2.2"));
        Assert.Equal(PacketFault.None, ArpPacket.Read(bytes, out ArpPacket packet));
        Assert.Equal(expected, packet);

        byte[] written = new byte[ArpPacket.Length];
        Assert.Equal(ArpPacket.Length, expected.Write(written));
        Assert.Equal(Question, Convert.ToHexString(written));
    }

    [Fact]
    public void Every_truncation_is_told_and_padding_is_not()
    {
        byte[] bytes = [.. Convert.FromHexString(Question), .. new byte[18]];
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length < ArpPacket.Length ? PacketFault.Truncated : PacketFault.None, ArpPacket.Read(bytes.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0, 1)] // hardware
    [InlineData(1, 6)] // IEEE 802 networks
    [InlineData(2, 0x86)] // protocol
    [InlineData(3, 1)]
    [InlineData(4, 8)] // length of a card's address
    [InlineData(5, 16)] // length of an address
    [InlineData(6, 1)] // operation
    [InlineData(7, 0)]
    [InlineData(7, 3)] // RARP
    public void Other_hardware_protocols_and_operations_are_another_kind(int at, byte value)
    {
        byte[] bytes = Convert.FromHexString(Question);
        bytes[at] = value;
        Assert.Equal(PacketFault.Kind, ArpPacket.Read(bytes, out ArpPacket packet));
        Assert.Equal(default, packet);
    }

    [Fact]
    public void Packet_that_was_written_is_read()
    {
        RandomPackets random = new(2);
        byte[] bytes = new byte[ArpPacket.Length];
        for (int round = 0; round < 1_000; round++)
        {
            ArpPacket packet = random.Arp();
            random.Random.NextBytes(bytes);
            packet.Write(bytes);
            Assert.Equal(PacketFault.None, ArpPacket.Read(bytes, out ArpPacket read));
            Assert.Equal(packet, read);
        }
    }
}
