using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class IpPacketTests
{
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Packet_of_either_version_is_read_as_its_own_view_reads_it(IpVersion version)
    {
        RandomPackets random = new(8);
        for (int round = 0; round < 1_000; round++)
        {
            byte[] bytes = random.Packet(version);
            Assert.Equal(PacketFault.None, IpPacket.Read(bytes, out IpPacket packet));
            if (version == IpVersion.V4)
            {
                Assert.Equal(PacketFault.None, Ipv4Packet.Read(bytes, out Ipv4Packet four));
                Ipv4Header header = four.Header;
                Assert.Equal((header.Source, header.Destination, header.Protocol, header.TimeToLive), (packet.Source, packet.Destination, packet.Protocol, packet.Hops));
                Assert.True(four.Payload == packet.Payload);
            }
            else
            {
                Assert.Equal(PacketFault.None, Ipv6Packet.Read(bytes, out Ipv6Packet six));
                Ipv6Header header = six.Header;
                Assert.Equal((header.Source, header.Destination, six.Protocol, header.HopLimit), (packet.Source, packet.Destination, packet.Protocol, packet.Hops));
                Assert.True(six.Payload == packet.Payload);
            }
        }
    }

    [Fact]
    public void What_is_of_neither_version_is_told_and_nothing_is_truncated()
    {
        for (int version = 0; version < 16; version++)
        {
            byte[] bytes = new byte[60];
            bytes[0] = (byte)((version << 4) | 5);
            bytes[3] = 20;
            bytes[6] = RandomPackets.NoNext;
            Assert.Equal(version is 4 or 6 ? PacketFault.None : PacketFault.Kind, IpPacket.Read(bytes, out _));
        }

        Assert.Equal(PacketFault.Truncated, IpPacket.Read([], out _));
    }

    [Theory]
    [InlineData(IpVersion.V4, 28)]
    [InlineData(IpVersion.V6, 48)]
    public void Quoted_packet_may_end_behind_eight_bytes_of_its_payload(IpVersion version, int length)
    {
        byte[] bytes = new byte[200];
        IpAddress address = version == IpVersion.V4 ? IpAddress.Parse("192.0.2.1") : IpAddress.Parse("2001:db8::1");
        _ = version == IpVersion.V4
            ? new Ipv4Header { Protocol = TcpSegment.Number, Source = address, Destination = address }.Write(bytes, 100)
            : new Ipv6Header { NextHeader = TcpSegment.Number, Source = address, Destination = address }.Write(bytes, 100);
        Assert.Equal(PacketFault.TotalLength, IpPacket.Read(bytes.AsSpan(0, length), out _));
        Assert.Equal(PacketFault.None, IpPacket.Read(bytes.AsSpan(0, length), out IpPacket quoted, isQuoted: true));
        Assert.Equal((TcpSegment.Number, 8), (quoted.Protocol, quoted.Payload.Length));
        Assert.Equal(PacketFault.None, IpPacket.Read(bytes, out IpPacket whole, isQuoted: true));
        Assert.Equal(100, whole.Payload.Length); // and no more, though there is
    }
}
