using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Tests.Wire.Packets;

/// <summary>Reads bytes as every kind of packet and looks at all that the views show; allocates nothing.</summary>
internal static class EveryAccessor
{
    /// <summary>Looks at a frame and at what it carries; gives a number that depends on all that was seen.</summary>
    internal static ulong OfFrame(ReadOnlySpan<byte> bytes)
    {
        PacketFault fault = EthernetFrame.Read(bytes, out EthernetFrame frame);
        if (fault != PacketFault.None)
        {
            return (ulong)fault;
        }

        ulong seen = frame.Destination.Bits + frame.Source.Bits + frame.EtherType + (ulong)(frame.Vlan ?? -1);
        return seen + (frame.EtherType == EthernetFrame.Arp ? OfArp(frame.Payload) : OfPacket(frame.Payload, isQuoted: false));
    }

    internal static ulong OfArp(ReadOnlySpan<byte> bytes)
    {
        PacketFault fault = ArpPacket.Read(bytes, out ArpPacket packet);
        return (ulong)fault + packet.SenderMac.Bits + packet.TargetMac.Bits + packet.Sender.Low + packet.Target.Low + (packet.IsReply ? 1u : 0);
    }

    internal static ulong OfPacket(ReadOnlySpan<byte> bytes, bool isQuoted)
    {
        ulong seen = OfFour(bytes, isQuoted) + OfSix(bytes, isQuoted);
        PacketFault fault = IpPacket.Read(bytes, out IpPacket packet, isQuoted);
        if (fault != PacketFault.None)
        {
            return seen + (ulong)fault;
        }

        seen += Of(packet.Source) + Of(packet.Destination) + packet.Protocol + packet.Hops + (packet.IsLaterFragment ? 1u : 0);
        return seen + OfTransport(packet.Payload, packet.Source, packet.Destination, isQuoted);
    }

    internal static ulong OfTransport(ReadOnlySpan<byte> bytes, IpAddress source, IpAddress destination, bool isQuoted)
    {
        ulong seen = OfTcp(bytes, source, destination) + OfUdp(bytes, source, destination);
        seen += OfIcmp(bytes, IpVersion.V4, source, destination, isQuoted) + OfIcmp(bytes, IpVersion.V6, source, destination, isQuoted);
        return seen + OfOptions(TcpOptions.Read(bytes));
    }

    private static ulong OfFour(ReadOnlySpan<byte> bytes, bool isQuoted)
    {
        PacketFault fault = Ipv4Packet.Read(bytes, out Ipv4Packet packet, isQuoted);
        if (fault != PacketFault.None)
        {
            return (ulong)fault;
        }

        Ipv4Header header = packet.Header;
        return Of(header.Source) + Of(header.Destination) + header.Protocol + header.TimeToLive + header.Identification + (ulong)header.FragmentOffset + header.TrafficClass
            + (header.DontFragment ? 1u : 0) + (header.MoreFragments ? 1u : 0) + (packet.IsFragment ? 1u : 0) + (packet.ChecksumIsValid ? 1u : 0)
            + (ulong)packet.HeaderLength + (ulong)packet.Options.Length + (ulong)packet.Payload.Length + (ulong)packet.TotalLength;
    }

    private static ulong OfSix(ReadOnlySpan<byte> bytes, bool isQuoted)
    {
        PacketFault fault = Ipv6Packet.Read(bytes, out Ipv6Packet packet, isQuoted);
        if (fault != PacketFault.None)
        {
            return (ulong)fault;
        }

        Ipv6Header header = packet.Header;
        return Of(header.Source) + Of(header.Destination) + header.NextHeader + header.HopLimit + header.TrafficClass + (ulong)header.FlowLabel
            + packet.Protocol + (packet.IsFragment ? 1u : 0) + (packet.MoreFragments ? 1u : 0) + (ulong)packet.FragmentOffset
            + (ulong)packet.Extensions.Length + (ulong)packet.Payload.Length + (ulong)packet.PayloadLength;
    }

    private static ulong OfTcp(ReadOnlySpan<byte> bytes, IpAddress source, IpAddress destination)
    {
        ulong seen = TcpSegment.TryReadQuoted(bytes, out ushort from, out ushort to, out uint sequence) ? 0ul + from + to + sequence : 0;
        PacketFault fault = TcpSegment.Read(bytes, out TcpSegment segment);
        if (fault != PacketFault.None)
        {
            return seen + (ulong)fault;
        }

        TcpHeader header = segment.Header;
        seen += 0ul + header.SourcePort + header.DestinationPort + header.Sequence + header.Acknowledgement + header.Window + header.Urgent + (ulong)header.Control;
        seen += (ulong)(segment.HeaderLength + segment.SequenceLength + segment.Payload.Length) + segment.SourcePort + segment.DestinationPort + segment.Window + segment.Urgent;
        return seen + OfOptions(TcpOptions.Read(segment.Options)) + (segment.ChecksumIsValid(source, destination) ? 1u : 0);
    }

    private static ulong OfOptions(TcpOptions options) =>
        (ulong)(options.SegmentSize ?? 0) + (options.WindowScale ?? 0u) + (options.Timestamp?.Value ?? 0) + (options.Timestamp?.Echo ?? 0)
        + (options.FirstSack?.Left ?? 0) + (options.FirstSack?.Right ?? 0) + (options.SackIsPermitted ? 1u : 0) + (options.IsMalformed ? 1u : 0);

    private static ulong OfUdp(ReadOnlySpan<byte> bytes, IpAddress source, IpAddress destination)
    {
        PacketFault fault = UdpDatagram.Read(bytes, out UdpDatagram datagram);
        return fault != PacketFault.None
            ? (ulong)fault
            : 0ul + datagram.SourcePort + datagram.DestinationPort + (ulong)datagram.Payload.Length + (datagram.HasNoChecksum ? 1u : 0) + (datagram.ChecksumIsValid(source, destination) ? 1u : 0);
    }

    private static ulong OfIcmp(ReadOnlySpan<byte> bytes, IpVersion version, IpAddress source, IpAddress destination, bool isQuoted)
    {
        PacketFault fault = IcmpMessage.Read(bytes, version, out IcmpMessage message);
        if (fault != PacketFault.None)
        {
            return (ulong)fault;
        }

        ulong seen = 0ul + message.Type + message.Code + message.Word + (ulong)message.Version + (message.IsTimeExceeded ? 1u : 0) + (message.IsUnreachable ? 1u : 0)
            + (message.IsPortUnreachable ? 1u : 0) + (message.IsProhibited ? 1u : 0) + (message.ChecksumIsValid(source, destination) ? 1u : 0);
        fault = NeighbourMessage.Read(message, out NeighbourMessage neighbour);
        seen += (ulong)fault + Of(neighbour.Target) + (neighbour.LinkAddress?.Bits ?? 0) + (neighbour.IsAdvertisement ? 1u : 0);
        return seen + (message.IsError && !isQuoted ? OfPacket(message.Body, isQuoted: true) : (ulong)message.Body.Length);
    }

    private static ulong Of(IpAddress address) => address.High + address.Low;
}
