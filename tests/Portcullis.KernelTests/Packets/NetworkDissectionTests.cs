using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>The headers of IPv4 and IPv6 as tshark reads them, field by field.</summary>
public sealed class NetworkDissectionTests(DissectedFrames frames) : IClassFixture<DissectedFrames>
{
    [Fact]
    public void IPv4_is_read_as_tshark_reads_it()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (EthernetFrame.Read(theirs.Bytes, out EthernetFrame frame) != PacketFault.None || frame.EtherType != EthernetFrame.IPv4)
            {
                continue;
            }

            PacketFault fault = Ipv4Packet.Read(frame.Payload, out Ipv4Packet packet);
            string? complaint = fault switch
            {
                PacketFault.Truncated or PacketFault.HeaderLength when theirs.IsMalformed => null,
                PacketFault.Truncated when frame.Payload.IsEmpty => null,
                PacketFault.Truncated => "Bogus IP",
                PacketFault.Kind => "Bogus IPv4 version",
                PacketFault.HeaderLength => "Bogus IP", // header length or, where that exceeds the packet's own, length
                PacketFault.TotalLength when Total(frame) == 0 => null, // tshark takes it for a packet that the card will cut in pieces
                PacketFault.TotalLength => Total(frame) > frame.Payload.Length ? "total length exceeds" : "Bogus IP length",
                _ => null,
            };
            comparison.Holds(theirs, $"{fault}: {complaint}", complaint is null || theirs.Complains(complaint));
            if (fault == PacketFault.None)
            {
                Compare(comparison, theirs, packet);
            }
        }

        comparison.MustAgree(30_000);
    }

    private static int Total(EthernetFrame frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.Payload[2..]);

    private static void Compare(Comparison comparison, DissectedFrame theirs, Ipv4Packet packet)
    {
        Ipv4Header header = packet.Header;
        comparison.Holds(theirs, "no complaint about the length", theirs.Transport is "ip" or "icmp" || !(theirs.Complains("Bogus IP") || theirs.Complains("IPv4 total length exceeds"))); // these have another inside
        comparison.Number(theirs, "ip.version", 4);
        comparison.Number(theirs, "ip.hdr_len", packet.HeaderLength);
        comparison.Number(theirs, "ip.dsfield", header.TrafficClass);
        comparison.Number(theirs, "ip.len", packet.TotalLength);
        comparison.Number(theirs, "ip.id", header.Identification);
        comparison.Number(theirs, "ip.flags.df", header.DontFragment ? 1 : 0);
        comparison.Number(theirs, "ip.flags.mf", header.MoreFragments ? 1 : 0);
        comparison.Number(theirs, "ip.frag_offset", header.FragmentOffset / 8);
        comparison.Number(theirs, "ip.ttl", header.TimeToLive);
        comparison.Number(theirs, "ip.proto", header.Protocol);
        comparison.Text(theirs, "ip.src", header.Source.ToString());
        comparison.Text(theirs, "ip.dst", header.Destination.ToString());
        comparison.Checksum(theirs, "ip.checksum.status", packet.ChecksumIsValid);
    }

    [Fact]
    public void IPv6_is_read_as_tshark_reads_it()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (EthernetFrame.Read(theirs.Bytes, out EthernetFrame frame) != PacketFault.None || frame.EtherType != EthernetFrame.IPv6)
            {
                continue;
            }

            PacketFault fault = Ipv6Packet.Read(frame.Payload, out Ipv6Packet packet);
            switch (fault)
            {
                case PacketFault.None:
                    Compare(comparison, theirs, packet);
                    break;
                case PacketFault.Kind:
                    comparison.Holds(theirs, "another version", theirs.Number("ipv6.version") != 6);
                    break;
                case PacketFault.TotalLength:
                    comparison.Holds(theirs, "a length that exceeds the packet", theirs.Complains("payload length exceeds framing length"));
                    break;
                default:
                    comparison.Holds(theirs, $"{fault}", theirs.IsMalformed || frame.Payload.IsEmpty);
                    break;
            }
        }

        comparison.MustAgree(30_000);
    }

    private static void Compare(Comparison comparison, DissectedFrame theirs, Ipv6Packet packet)
    {
        Ipv6Header header = packet.Header;
        comparison.Number(theirs, "ipv6.version", 6);
        comparison.Number(theirs, "ipv6.tclass", header.TrafficClass);
        comparison.Number(theirs, "ipv6.flow", header.FlowLabel);
        comparison.Number(theirs, "ipv6.plen", packet.PayloadLength);
        comparison.Number(theirs, "ipv6.nxt", header.NextHeader);
        comparison.Number(theirs, "ipv6.hlim", header.HopLimit);
        comparison.Text(theirs, "ipv6.src", header.Source.ToString());
        comparison.Text(theirs, "ipv6.dst", header.Destination.ToString());
        if (theirs.EndsEarly)
        {
            return;
        }

        Dictionary<string, int> used = new(StringComparer.Ordinal);
        long? next = header.NextHeader;
        foreach (string layer in theirs.Extensions)
        {
            string field = layer == "ah" ? "ah.next_header" : $"{layer}.nxt";
            int which = used.GetValueOrDefault(field);
            used[field] = which + 1;
            next = theirs.Number(field, which);
        }

        comparison.Holds(theirs, "the protocol behind the extension headers", next == packet.Protocol);
        int last = used.GetValueOrDefault("ipv6.fraghdr.nxt") - 1;
        comparison.Holds(theirs, "where the fragment belongs", packet.FragmentOffset == (last < 0 ? 0 : theirs.Number("ipv6.fraghdr.offset", last) * 8));
        comparison.Holds(theirs, "whether fragments follow", packet.MoreFragments == (last >= 0 && theirs.Number("ipv6.fraghdr.more", last) == 1));
    }
}
