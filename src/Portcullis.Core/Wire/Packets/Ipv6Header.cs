using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The fixed header of an IPv6 packet as a value (RFC 8200, 3; drawn at <see cref="Ipv6Packet"/>).</summary>
public readonly record struct Ipv6Header
{
    /// <summary>DSCP (6 bits) and ECN (2 bits).</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The flow label, 0 to 0xfffff (RFC 6437).</summary>
    public int FlowLabel { get; init; }

    /// <summary>The first extension header, or the transport protocol where there is none.</summary>
    public byte NextHeader { get; init; }

    /// <summary>How many routers may pass it on.</summary>
    public byte HopLimit { get; init; }

    /// <summary>The source, an IPv6 address.</summary>
    public IpAddress Source { get; init; }

    /// <summary>The destination, an IPv6 address.</summary>
    public IpAddress Destination { get; init; }

    /// <summary>Writes the header before a payload that stands or will stand behind it; gives its length.</summary>
    /// <param name="to">At least 40 bytes.</param>
    /// <param name="payloadLength">Bytes of all that follows, 0 to 65,535.</param>
    /// <exception cref="ArgumentException">A length or a flow label that no packet can have.</exception>
    public int Write(Span<byte> to, int payloadLength)
    {
        if (payloadLength is < 0 or > ushort.MaxValue || FlowLabel is < 0 or > 0xfffff)
        {
            throw new ArgumentException("no IPv6 packet has such a length or flow label", nameof(payloadLength));
        }

        BinaryPrimitives.WriteUInt32BigEndian(to, 0x6000_0000u | ((uint)TrafficClass << 20) | (uint)FlowLabel);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)payloadLength);
        to[6] = NextHeader;
        to[7] = HopLimit;
        Source.WriteNetworkOrder(to[8..]);
        Destination.WriteNetworkOrder(to[24..]);
        return Ipv6Packet.HeaderLength;
    }
}
