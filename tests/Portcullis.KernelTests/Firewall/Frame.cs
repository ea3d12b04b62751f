using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.KernelTests.Firewall;

/// <summary>Writes Ethernet frames with valid checksums (RFC 791, 8200, 9293, 768, 792, 4443).</summary>
internal static class Frame
{
    /// <summary>Writes a frame; tells its length.</summary>
    /// <param name="to">Where to, at least 128 bytes.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="number">1 to 65535: the identification of IPv4, the flow label of IPv6.</param>
    internal static int Write(Span<byte> to, ProbePacket packet, int number)
    {
        to[..128].Clear();
        to[0] = 2;
        to[5] = 1;
        to[6] = 2;
        to[11] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], packet.IsV4 ? (ushort)0x0800 : (ushort)0x86dd);
        int head = packet.IsV4 ? 20 : 40;
        Span<byte> network = to.Slice(14, head);
        Span<byte> transport = to.Slice(14 + head, packet.Protocol == 6 ? 20 : 16);
        Transport(transport, packet, number);
        if (packet.IsV4)
        {
            network[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)(head + transport.Length));
            BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)number);
            network[8] = 64;
            network[9] = packet.Protocol;
            BinaryPrimitives.WriteUInt32BigEndian(network[12..], (uint)packet.Source.Low);
            BinaryPrimitives.WriteUInt32BigEndian(network[16..], (uint)packet.Destination.Low);
            BinaryPrimitives.WriteUInt16BigEndian(network[10..], Checksum(Sum(network, 0)));
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(network, 0x60000000u | (uint)number);
            BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)transport.Length);
            network[6] = packet.Protocol;
            network[7] = 255;
            Put(network[8..], packet.Source);
            Put(network[24..], packet.Destination);
        }

        int at = packet.Protocol switch { 6 => 16, 17 => 6, _ => 2 };
        uint pseudo = packet.Protocol == 1 ? 0 : Sum(packet.IsV4 ? network[12..20] : network[8..40], (uint)(packet.Protocol + transport.Length));
        ushort sum = Checksum(Sum(transport, pseudo));
        BinaryPrimitives.WriteUInt16BigEndian(transport[at..], sum == 0 && packet.Protocol == 17 ? (ushort)0xffff : sum);
        return 14 + head + transport.Length;
    }

    private static void Transport(Span<byte> header, ProbePacket packet, int number)
    {
        if (packet.Protocol is 1 or 58)
        {
            header[0] = (byte)packet.First;
            header[1] = (byte)packet.Second;
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)number);
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)packet.First);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)packet.Second);
        if (packet.Protocol == 6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[4..], (uint)number);
            header[12] = 0x50;
            header[13] = packet.Flags;
            header[14] = 0x40;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)header.Length);
        }
    }

    private static void Put(Span<byte> to, IpAddress address)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], address.Low);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, uint start)
    {
        uint sum = start;
        for (int at = 0; at + 1 < bytes.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        }

        return sum;
    }

    private static ushort Checksum(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
