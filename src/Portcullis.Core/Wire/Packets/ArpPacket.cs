using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A packet of the Address Resolution Protocol, for IPv4 over Ethernet.</summary>
/// <remarks>
/// <code>
/// hardware 1 | protocol 0x0800 | 6 | 4 | operation | sender MAC:6 | sender IP:4 | target MAC:6 | target IP:4
/// </code>
/// RFC 826.
/// </remarks>
/// <param name="IsReply">Whether it answers (2), or asks (1).</param>
/// <param name="SenderMac">The sender's card.</param>
/// <param name="Sender">The sender's address.</param>
/// <param name="TargetMac">The card that is told or, in a question, zero.</param>
/// <param name="Target">The address that is asked for.</param>
public readonly record struct ArpPacket(bool IsReply, MacAddress SenderMac, IpAddress Sender, MacAddress TargetMac, IpAddress Target)
{
    /// <summary>Its length.</summary>
    public const int Length = 28;

    private const ulong EthernetIPv4 = 0x0001_0800_0604;

    /// <summary>Reads one; other hardware, protocols and operations are another kind.</summary>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out ArpPacket packet)
    {
        packet = default;
        if (bytes.Length < Length)
        {
            return PacketFault.Truncated;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16 != EthernetIPv4 || operation is not (1 or 2))
        {
            return PacketFault.Kind;
        }

        packet = new ArpPacket(
            operation == 2, MacAddress.Read(bytes[8..]), IpAddress.FromNetworkOrder(bytes[14..18]), MacAddress.Read(bytes[18..]), IpAddress.FromNetworkOrder(bytes[24..28]));
        return PacketFault.None;
    }

    /// <summary>Writes it; gives its length.</summary>
    public int Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, (EthernetIPv4 << 16) | (IsReply ? 2u : 1u));
        SenderMac.Write(to[8..]);
        Sender.WriteNetworkOrder(to[14..]);
        TargetMac.Write(to[18..]);
        Target.WriteNetworkOrder(to[24..]);
        return Length;
    }
}
