using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>One packet that would open a connection, as the bytes of its headers.</summary>
public sealed record FirstPacket
{
    /// <summary>The header of IPv4 (RFC 791, 3.1) or IPv6 (RFC 8200, 3), without options or extensions.</summary>
    public required ImmutableArray<byte> Network { get; init; }

    /// <summary>The header of what IP carries, at least its first 8 bytes.</summary>
    public required ImmutableArray<byte> Transport { get; init; }

    /// <summary>Makes the headers of a usual first packet. Checksums are zero: no rule asks for them.</summary>
    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address, of the same version.</param>
    /// <param name="protocol">The protocol that IP carries, such as 6 for TCP (then it is a SYN).</param>
    /// <param name="sourcePort">The source port, 0 to 65535; of ICMP the type.</param>
    /// <param name="destinationPort">The destination port, 0 to 65535; of ICMP the code.</param>
    public static FirstPacket Of(IpAddress source, IpAddress destination, byte protocol, int sourcePort, int destinationPort)
    {
        bool isV4 = source.Version == IpVersion.V4;
        byte[] transport = TransportOf(protocol, protocol == (isV4 ? 1 : 58), sourcePort, destinationPort);
        byte[] network = new byte[isV4 ? 20 : 40];
        if (isV4)
        {
            network[0] = 0x45; // version 4, five words
            BinaryPrimitives.WriteUInt16BigEndian(network.AsSpan(2), (ushort)(network.Length + transport.Length));
            network[8] = 64;
            network[9] = protocol;
        }
        else
        {
            network[0] = 0x60; // version 6
            BinaryPrimitives.WriteUInt16BigEndian(network.AsSpan(4), (ushort)transport.Length);
            network[6] = protocol;
            network[7] = 64;
        }

        Put(source, network.AsSpan(isV4 ? 12 : 8));
        Put(destination, network.AsSpan(isV4 ? 16 : 24));
        return new FirstPacket { Network = [.. network], Transport = [.. transport] };
    }

    private static byte[] TransportOf(byte protocol, bool isIcmp, int first, int second)
    {
        byte[] header = new byte[protocol == 6 ? 20 : 8];
        if (isIcmp)
        {
            header[0] = (byte)first;
            header[1] = (byte)second;
            return header;
        }

        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)first);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)second);
        if (protocol == 6)
        {
            header[12] = 0x50; // five words
            header[13] = 0x02; // SYN
        }

        return header;
    }

    private static void Put(IpAddress address, Span<byte> to)
    {
        if (address.Version == IpVersion.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)address.Low);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(to, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], address.Low);
    }
}
