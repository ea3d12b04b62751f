using System;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class EthernetFrameTests
{
    private static readonly byte[] s_addresses = [0x02, 0, 0, 0, 0, 0x0a, 0x02, 0, 0, 0, 0, 0x0b];

    [Theory]
    [InlineData("0800", null, 0x0800)]
    [InlineData("8100" + "6fff" + "86DD", 0xfff, 0x86dd)] // priority 3 does not belong to the number
    [InlineData("88A8" + "0001" + "8100" + "0002" + "0806", 2, 0x0806)] // the inner one counts
    [InlineData("8100" + "0001" + "8100" + "0002" + "8100" + "0003" + "0800", 2, 0x8100)] // a third tag is another protocol
    [InlineData("0600", null, 0x0600)]
    public void Frame_with_tags_is_read(string middle, int? vlan, int type)
    {
        byte[] bytes = [.. s_addresses, .. Convert.FromHexString(middle), 1, 2, 3];
        Assert.Equal(PacketFault.None, EthernetFrame.Read(bytes, out EthernetFrame frame));
        Assert.Equal("02:00:00:00:00:0a", frame.Destination.ToString());
        Assert.Equal("02:00:00:00:00:0b", frame.Source.ToString());
        Assert.Equal(vlan, frame.Vlan);
        Assert.Equal(type, frame.EtherType);
        byte[] rest = middle.EndsWith("0003" + "0800", StringComparison.Ordinal) ? [0, 3, 8, 0, 1, 2, 3] : [1, 2, 3];
        Assert.Equal(rest, frame.Payload);
    }

    [Theory]
    [InlineData("0800")]
    [InlineData("8100" + "0001" + "0800")]
    [InlineData("88A8" + "0001" + "8100" + "0002" + "0800")]
    public void Every_truncation_within_the_header_is_told(string middle)
    {
        byte[] bytes = [.. s_addresses, .. Convert.FromHexString(middle)];
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(PacketFault.Truncated, EthernetFrame.Read(bytes.AsSpan(0, length), out _));
        }

        Assert.Equal(PacketFault.None, EthernetFrame.Read(bytes, out EthernetFrame frame));
        Assert.True(frame.Payload.IsEmpty);
    }

    [Theory]
    [InlineData("05FF")]
    [InlineData("0026")] // a length: 802.3 with LLC, as spanning trees use
    [InlineData("8100" + "0001" + "0026")]
    public void Length_instead_of_a_type_is_another_kind(string middle)
    {
        byte[] bytes = [.. s_addresses, .. Convert.FromHexString(middle), .. new byte[38]];
        Assert.Equal(PacketFault.Kind, EthernetFrame.Read(bytes, out _));
    }

    [Fact]
    public void Header_that_was_written_is_read()
    {
        RandomPackets random = new(1);
        byte[] bytes = new byte[EthernetFrame.HeaderLength];
        for (int round = 0; round < 1_000; round++)
        {
            MacAddress destination = random.Mac;
            MacAddress source = random.Mac;
            ushort type = (ushort)random.Random.Next(0x88b5, 0x10000);
            Assert.Equal(EthernetFrame.HeaderLength, EthernetFrame.WriteHeader(bytes, destination, source, type));
            Assert.Equal(PacketFault.None, EthernetFrame.Read(bytes, out EthernetFrame frame));
            Assert.Equal((destination, source, type, (int?)null), (frame.Destination, frame.Source, frame.EtherType, frame.Vlan));
        }
    }

    [Fact]
    public void Card_address_is_written_as_people_write_it()
    {
        Assert.Equal("ff:ff:ff:ff:ff:ff", MacAddress.Broadcast.ToString());
        Assert.Equal("00:00:00:00:00:00", default(MacAddress).ToString());
        Assert.Equal("0a:1b:2c:3d:4e:5f", MacAddress.Read([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f, 0xff]).ToString());
    }
}
