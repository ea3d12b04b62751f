using System;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>An ICMP error that quotes a packet of one connection of ours.</summary>
/// <param name="From">Who says it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Code">Its code.</param>
/// <param name="SourcePort">Our port, as quoted.</param>
/// <param name="Sequence">The sequence number of what it quotes.</param>
/// <param name="Word">The second word of its header, whose meaning depends on the type.</param>
public sealed record IcmpQuote(IpAddress From, int Type, int Code, ushort SourcePort, SequenceNumber Sequence, uint Word)
{
    /// <summary>Whether it tells that the packet could not be delivered.</summary>
    public bool IsUnreachable => IcmpMessage.SaysUnreachable(From.Version, Type, Code);

    /// <summary>The longest packet that the next link takes, where the packet was too long for it (RFC 1191, 4; RFC 4443, 3.2); else null.</summary>
    public int? LongestPacket =>
        From.Version == IpVersion.V4 ? (Type == 3 && Code == 4 && (ushort)Word >= 68 ? (ushort)Word : null)
        : Type == 2 && Word is >= 1280 and <= ushort.MaxValue ? (int)Word : null;

    /// <summary>Whether the packet ran out of hops.</summary>
    public bool IsTimeExceeded => IcmpMessage.SaysTimeExceeded(From.Version, Type, Code);

    /// <summary>Reads one; null where the packet is none, or quotes another connection.</summary>
    /// <param name="packet">The packet, from its IP header on.</param>
    /// <param name="flow">The connection; a source port of 0 stands for any.</param>
    public static IcmpQuote? Read(ReadOnlySpan<byte> packet, TcpFlow flow)
    {
        if (IpPacket.Read(packet, out IpPacket ip) != PacketFault.None || ip.IsLaterFragment)
        {
            return null;
        }

        IpVersion version = flow.Source.Version;
        return ip.Protocol == (version == IpVersion.V4 ? IcmpMessage.Number : IcmpMessage.NumberV6)
            && IcmpMessage.Read(ip.Payload, version, out IcmpMessage message) == PacketFault.None && message.IsError
            && message.ChecksumIsValid(ip.Source, ip.Destination)
            && IpPacket.Read(message.Body, out IpPacket quoted, isQuoted: true) == PacketFault.None && quoted.Protocol == TcpSegment.Number
            && quoted.Source == flow.Source && quoted.Destination == flow.Destination
            && TcpSegment.TryReadQuoted(quoted.Payload, out ushort from, out ushort to, out uint sequence)
            && (from == flow.SourcePort || flow.SourcePort == 0) && to == flow.DestinationPort
            ? new IcmpQuote(ip.Source, message.Type, message.Code, from, new SequenceNumber(sequence), message.Word)
            : null;
    }
}
