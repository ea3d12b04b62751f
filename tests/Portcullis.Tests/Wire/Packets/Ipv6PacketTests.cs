using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class Ipv6PacketTests
{
    private const string Addresses = "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002";

    [Fact]
    public void Packet_without_extension_headers_is_read()
    {
        byte[] bytes = Convert.FromHexString("6B812345" + "0004" + "11" + "40" + Addresses + "01020304" + "EEEE");
        Assert.Equal(PacketFault.None, Ipv6Packet.Read(bytes, out Ipv6Packet packet));
        Ipv6Header expected = new()
        {
            TrafficClass = 0xb8,
            FlowLabel = 0x12345,
            NextHeader = 17,
            HopLimit = 64,
            Source = IpAddress.Parse("2001:db8::1"),
            Destination = IpAddress.Parse("2001:db8::2"),
        };
        Assert.Equal(expected, packet.Header);
        Assert.Equal((4, 17, false, 0, false), (packet.PayloadLength, packet.Protocol, packet.IsFragment, packet.FragmentOffset, packet.MoreFragments));
        Assert.True(packet.Extensions.IsEmpty);
        Assert.Equal("01020304", Convert.ToHexString(packet.Payload));
    }

    [Theory]
    [InlineData(RandomPackets.HopByHop)]
    [InlineData(RandomPackets.Routing)]
    [InlineData(RandomPackets.Fragment)]
    [InlineData(RandomPackets.Authentication)]
    [InlineData(RandomPackets.DestinationOptions)]
    [InlineData(RandomPackets.Mobility)]
    [InlineData(RandomPackets.HostIdentity)]
    [InlineData(RandomPackets.Shim6)]
    public void Every_kind_of_extension_header_is_passed_over_and_every_truncation_of_it_told(byte kind)
    {
        RandomPackets random = new(5);
        for (int units = 1; units <= 4; units++)
        {
            byte[] extension = random.Extension(kind, TcpSegment.Number, units);
            byte[] bytes = Packet(kind, [.. extension, 1, 2, 3]);
            Assert.Equal(PacketFault.None, Ipv6Packet.Read(bytes, out Ipv6Packet packet));
            Assert.Equal(TcpSegment.Number, packet.Protocol);
            Assert.Equal(extension, packet.Extensions);
            Assert.Equal([1, 2, 3], packet.Payload.ToArray());
            for (int length = 0; length < 40 + extension.Length; length++)
            {
                PacketFault expected = length < 40 ? PacketFault.Truncated : PacketFault.Extensions;
                Assert.Equal(expected, Ipv6Packet.Read(bytes.AsSpan(0, length), out _, isQuoted: true));
                Assert.Equal(length < 40 ? PacketFault.Truncated : PacketFault.TotalLength, Ipv6Packet.Read(bytes.AsSpan(0, length), out _));
                byte[] shorter = length < 40 ? [] : Packet(kind, bytes.AsSpan(40, length - 40)); // which its own length admits
                Assert.Equal(expected, Ipv6Packet.Read(shorter, out _));
            }
        }
    }

    [Fact]
    public void Longest_extension_header_is_passed_over()
    {
        byte[] extension = [TcpSegment.Number, 255, .. new byte[2046]];
        Assert.Equal(PacketFault.None, Ipv6Packet.Read(Packet(RandomPackets.DestinationOptions, [.. extension, 9]), out Ipv6Packet packet));
        Assert.Equal((TcpSegment.Number, 2048, 1), (packet.Protocol, packet.Extensions.Length, packet.Payload.Length));
        Assert.Equal(PacketFault.Extensions, Ipv6Packet.Read(Packet(RandomPackets.DestinationOptions, extension.AsSpan(0, extension.Length - 1)), out _));
    }

    [Theory]
    [InlineData(0x0000, false, 0, false)] // whole, though it has the header (RFC 6946)
    [InlineData(0x0001, true, 0, true)]
    [InlineData(0x0006, false, 0, false)] // reserved bits
    [InlineData(0x0008, true, 8, false)]
    [InlineData(0xffff, true, 65_528, true)]
    public void Fragments_are_told(ushort word, bool isFragment, int offset, bool more)
    {
        // What follows looks like options for the destination: in a later fragment it is from the middle of the packet.
        RandomPackets random = new(6);
        byte[] inner = random.Extension(RandomPackets.DestinationOptions, TcpSegment.Number);
        byte[] bytes = Packet(RandomPackets.Fragment, [.. random.Extension(RandomPackets.Fragment, RandomPackets.DestinationOptions, 1, word), .. inner, 7]);
        Assert.Equal(PacketFault.None, Ipv6Packet.Read(bytes, out Ipv6Packet packet));
        Assert.Equal((isFragment, offset, more), (packet.IsFragment, packet.FragmentOffset, packet.MoreFragments));
        Assert.Equal(offset > 0 ? (RandomPackets.DestinationOptions, 9) : (TcpSegment.Number, 1), (packet.Protocol, packet.Payload.Length));
        Assert.Equal(PacketFault.None, IpPacket.Read(bytes, out IpPacket either));
        Assert.Equal((offset > 0, packet.Protocol, packet.Payload.Length), (either.IsLaterFragment, either.Protocol, either.Payload.Length));
    }

    [Fact]
    public void What_stands_behind_no_next_header_is_not_looked_at()
    {
        Assert.Equal(PacketFault.None, Ipv6Packet.Read(Packet(RandomPackets.NoNext, [1, 2, 3]), out Ipv6Packet packet));
        Assert.Equal((RandomPackets.NoNext, 0), (packet.Protocol, packet.Payload.Length));
    }

    [Theory]
    [InlineData(0, 0x45, PacketFault.Kind)]
    [InlineData(0, 0x70, PacketFault.Kind)]
    [InlineData(5, 5, PacketFault.TotalLength)]
    [InlineData(4, 1, PacketFault.TotalLength)]
    [InlineData(5, 0, PacketFault.None)]
    public void Invalid_packet_is_told_with_its_reason(int at, byte value, PacketFault expected)
    {
        byte[] bytes = Packet(UdpDatagram.Number, [1, 2, 3, 4]);
        bytes[at] = value;
        Assert.Equal(expected, Ipv6Packet.Read(bytes, out _));
    }

    [Fact]
    public void Jumbogram_is_not_read()
    {
        // RFC 2675: the length is 0, and its extension header lies outside what the fixed header admits.
        byte[] bytes = Packet(RandomPackets.HopByHop, [TcpSegment.Number, 0, 0xc2, 4, 0, 1, 0, 0, 1, 2, 3]);
        bytes[5] = 0;
        Assert.Equal(PacketFault.Extensions, Ipv6Packet.Read(bytes, out _));
    }

    [Fact]
    public void Header_that_was_written_is_read()
    {
        RandomPackets random = new(7);
        for (int round = 0; round < 2_000; round++)
        {
            (byte first, byte[] extensions) = random.Extensions(UdpDatagram.Number);
            byte[] payload = random.Bytes(random.Random.Next(40));
            Ipv6Header header = random.SixHeader(first, random.Address(IpVersion.V6), random.Address(IpVersion.V6));
            byte[] bytes = random.Bytes(40 + extensions.Length + payload.Length);
            extensions.CopyTo(bytes, 40);
            payload.CopyTo(bytes, 40 + extensions.Length);
            Assert.Equal(40, header.Write(bytes, extensions.Length + payload.Length));
            Assert.Equal(PacketFault.None, Ipv6Packet.Read(bytes, out Ipv6Packet packet));
            Assert.Equal(header, packet.Header);
            Assert.Equal(extensions.Length + payload.Length, packet.Extensions.Length + packet.Payload.Length);
            if (packet.FragmentOffset == 0)
            {
                Assert.Equal(UdpDatagram.Number, packet.Protocol);
                Assert.Equal(extensions, packet.Extensions);
                Assert.Equal(payload, packet.Payload);
            }
        }
    }

    [Theory]
    [InlineData(65_536, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0x10_0000)]
    [InlineData(0, -1)]
    public void Lengths_and_labels_that_no_packet_has_are_refused(int payload, int label)
    {
        Ipv6Header header = new() { Source = IpAddress.AnyV6, Destination = IpAddress.AnyV6, FlowLabel = label };
        Assert.Throws<ArgumentException>(() => header.Write(new byte[100], payload));
    }

    private static byte[] Packet(byte next, ReadOnlySpan<byte> rest)
    {
        byte[] bytes = [.. new byte[40], .. rest];
        new Ipv6Header { NextHeader = next, HopLimit = 64, Source = IpAddress.Parse("2001:db8::1"), Destination = IpAddress.Parse("2001:db8::2") }.Write(bytes, rest.Length);
        return bytes;
    }
}
