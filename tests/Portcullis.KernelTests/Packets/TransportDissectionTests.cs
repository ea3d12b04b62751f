using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>TCP, UDP, ICMP and neighbour discovery as tshark reads them, field by field.</summary>
public sealed class TransportDissectionTests(DissectedFrames frames) : IClassFixture<DissectedFrames>
{
    [Fact]
    public void Tcp_is_read_as_tshark_reads_it()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (!TryRead(theirs, TcpSegment.Number, out IpPacket packet))
            {
                continue;
            }

            PacketFault fault = TcpSegment.Read(packet.Payload, out TcpSegment segment);
            if (fault == PacketFault.None)
            {
                comparison.Holds(theirs, "it is TCP", theirs.Transport == "tcp");
                Compare(comparison, theirs, segment, packet);
            }
            else if (!packet.Payload.IsEmpty)
            {
                comparison.Holds(theirs, $"{fault}", theirs.IsMalformed || theirs.Complains("Short segment") || theirs.Complains("Bogus TCP header length"));
            }
        }

        comparison.MustAgree(30_000);
    }

    [Fact]
    public void Udp_is_read_as_tshark_reads_it()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (!TryRead(theirs, UdpDatagram.Number, out IpPacket packet))
            {
                continue;
            }

            PacketFault fault = UdpDatagram.Read(packet.Payload, out UdpDatagram datagram);
            if (fault == PacketFault.None)
            {
                comparison.Holds(theirs, "it is UDP", theirs.Transport == "udp");
                comparison.Number(theirs, "udp.srcport", datagram.SourcePort);
                comparison.Number(theirs, "udp.dstport", datagram.DestinationPort);
                comparison.Number(theirs, "udp.length", datagram.Payload.Length + UdpDatagram.HeaderLength);
                Checksum(comparison, theirs, "udp.checksum.status", datagram.ChecksumIsValid(packet.Source, packet.Destination));
                comparison.Holds(theirs, "no checksum", datagram.HasNoChecksum == (theirs.Number("udp.checksum.status") is 3 or 4) || theirs.Number("udp.checksum.status") is null or 2);
            }
            else if (!packet.Payload.IsEmpty)
            {
                comparison.Holds(theirs, $"{fault}", theirs.IsMalformed || theirs.Complains("Bad length value") || theirs.Complains("Length is zero but payload < 65536"));
            }
        }

        comparison.MustAgree(5_000);
    }

    [Theory]
    [InlineData(IpVersion.V4, IcmpMessage.Number, "icmp")]
    [InlineData(IpVersion.V6, IcmpMessage.NumberV6, "icmpv6")]
    public void Icmp_is_read_as_tshark_reads_it(IpVersion version, byte number, string name)
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (!TryRead(theirs, number, out IpPacket packet) || packet.Source.Version != version)
            {
                continue;
            }

            PacketFault fault = IcmpMessage.Read(packet.Payload, version, out IcmpMessage message);
            if (fault == PacketFault.None)
            {
                comparison.Holds(theirs, "it is ICMP", theirs.Transport == name);
                comparison.Number(theirs, $"{name}.type", message.Type);
                comparison.Number(theirs, $"{name}.code", message.Code);
                Checksum(comparison, theirs, $"{name}.checksum.status", message.ChecksumIsValid(packet.Source, packet.Destination));
                CompareInside(comparison, theirs, message);
            }
            else if (!packet.Payload.IsEmpty)
            {
                // Of ICMPv6 tshark needs four bytes, where it does not know the type; all known types have the other four (RFC 4443).
                comparison.Holds(theirs, $"{fault}", theirs.IsMalformed || (version == IpVersion.V6 && packet.Payload.Length >= 4));
            }
        }

        comparison.MustAgree(4_000);
    }

    private static void CompareInside(Comparison comparison, DissectedFrame theirs, IcmpMessage message)
    {
        if (message.Version == IpVersion.V6)
        {
            CompareNeighbour(comparison, theirs, message);
        }

        bool isEcho = message.Version == IpVersion.V4 ? message.Type is 0 or 8 : message.Type is 128 or 129;
        if (isEcho)
        {
            comparison.Number(theirs, message.Version == IpVersion.V4 ? "icmp.ident" : "icmpv6.echo.identifier", message.Word >> 16);
            comparison.Number(theirs, message.Version == IpVersion.V4 ? "icmp.seq" : "icmpv6.echo.sequence_number", message.Word & 0xffff);
        }

        // What an error quotes has the second header of its kind; where it quotes the other version, we and tshark need not agree.
        string layer = message.Version == IpVersion.V4 ? "ip" : "ipv6";
        if (message.IsError && theirs.All($"{layer}.src").Length > 1 && IpPacket.Read(message.Body, out IpPacket quoted, isQuoted: true) == PacketFault.None && quoted.Source.Version == message.Version)
        {
            comparison.Text(theirs, $"{layer}.src", quoted.Source.ToString(), 1);
            comparison.Text(theirs, $"{layer}.dst", quoted.Destination.ToString(), 1);
            if (quoted.Protocol == TcpSegment.Number && !quoted.IsLaterFragment && theirs.Has("tcp.seq") && TcpSegment.TryReadQuoted(quoted.Payload, out ushort from, out ushort to, out uint sequence))
            {
                comparison.Number(theirs, "tcp.srcport", from);
                comparison.Number(theirs, "tcp.dstport", to);
                comparison.Number(theirs, "tcp.seq", sequence);
            }
        }
    }

    private static void CompareNeighbour(Comparison comparison, DissectedFrame theirs, IcmpMessage message)
    {
        PacketFault fault = NeighbourMessage.Read(message, out NeighbourMessage neighbour);
        bool isNeighbour = message.Type is 135 or 136;
        if (fault == PacketFault.None)
        {
            comparison.Text(theirs, neighbour.IsAdvertisement ? "icmpv6.nd.na.target_address" : "icmpv6.nd.ns.target_address", neighbour.Target.ToString());
            string[] cards = theirs.All(neighbour.IsAdvertisement ? "icmpv6.opt.target_linkaddr" : "icmpv6.opt.src_linkaddr");
            comparison.Holds(theirs, $"the card {neighbour.LinkAddress} is {cards.LastOrDefault()}", neighbour.LinkAddress?.ToString() == cards.LastOrDefault());
        }
        else if (isNeighbour && message.Code == 0)
        {
            comparison.Holds(theirs, $"neighbour discovery: {fault}", theirs.IsMalformed || theirs.Complains("Invalid option length"));
        }
    }

    private static void Compare(Comparison comparison, DissectedFrame theirs, TcpSegment segment, IpPacket packet)
    {
        TcpHeader header = segment.Header;
        comparison.Number(theirs, "tcp.srcport", header.SourcePort);
        comparison.Number(theirs, "tcp.dstport", header.DestinationPort);
        comparison.Number(theirs, "tcp.seq", header.Sequence);
        comparison.Number(theirs, "tcp.ack", header.Acknowledgement);
        comparison.Number(theirs, "tcp.hdr_len", segment.HeaderLength);
        comparison.Holds(theirs, "tcp.flags", (theirs.Number("tcp.flags") & 0x1ff) == (long)header.Control); // theirs have three reserved bits before
        comparison.Number(theirs, "tcp.window_size_value", header.Window);
        comparison.Number(theirs, "tcp.urgent_pointer", header.Urgent);
        comparison.Number(theirs, "tcp.len", theirs.Has("tcp.len") ? segment.Payload.Length : null); // not told of the first fragment of several
        Checksum(comparison, theirs, "tcp.checksum.status", segment.ChecksumIsValid(packet.Source, packet.Destination));
        CompareOptions(comparison, theirs, TcpOptions.Read(segment.Options));
    }

    private static void CompareOptions(Comparison comparison, DissectedFrame theirs, TcpOptions options)
    {
        if (options.IsMalformed)
        {
            comparison.Holds(theirs, "malformed options", theirs.IsMalformed || theirs.Complains("option length") || theirs.Complains("past end of options"));
            return;
        }

        comparison.Number(theirs, "tcp.options.mss_val", options.SegmentSize, theirs.All("tcp.options.mss_val").Length - 1);
        comparison.Number(theirs, "tcp.options.wscale.shift", options.WindowScale, theirs.All("tcp.options.wscale.shift").Length - 1);
        comparison.Holds(theirs, "sack permitted", options.SackIsPermitted == theirs.All("tcp.option_kind").Contains("4"));
        comparison.Number(theirs, "tcp.options.timestamp.tsval", options.Timestamp?.Value);
        comparison.Number(theirs, "tcp.options.timestamp.tsecr", options.Timestamp?.Echo);
        comparison.Number(theirs, "tcp.options.sack_le", options.FirstSack?.Left);
        comparison.Number(theirs, "tcp.options.sack_re", options.FirstSack?.Right);
    }

    /// <summary>Where packets are still on a way through routers that they name, the checksum is that of the last of these (RFC 8200, 8.1).</summary>
    private static void Checksum(Comparison comparison, DissectedFrame theirs, string field, bool ours)
    {
        if (theirs.Number("ipv6.routing.segleft") is null or 0)
        {
            comparison.Checksum(theirs, field, ours);
        }
    }

    private static bool TryRead(DissectedFrame theirs, byte protocol, out IpPacket packet)
    {
        packet = default;
        return EthernetFrame.Read(theirs.Bytes, out EthernetFrame frame) == PacketFault.None && frame.EtherType is EthernetFrame.IPv4 or EthernetFrame.IPv6
            && IpPacket.Read(frame.Payload, out packet) == PacketFault.None && packet.Protocol == protocol && !packet.IsLaterFragment && !theirs.EndsEarly;
    }
}
