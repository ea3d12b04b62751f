using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The checksum of IP, TCP, UDP and ICMP: the complement of the ones' complement sum of 16-bit words (RFC 1071).</summary>
public static class InternetChecksum
{
    /// <summary>The checksum of bytes, whose own checksum field is zero; 0 where a valid checksum stands in them already.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes) => Finish(Sum(bytes, 0));

    /// <summary>The checksum of a transport segment with the pseudo header before it (RFC 9293, 3.1; RFC 8200, 8.1).</summary>
    /// <param name="source">The packet's source.</param>
    /// <param name="destination">Its destination, of the same version.</param>
    /// <param name="protocol">The number of the transport protocol.</param>
    /// <param name="segment">Header and data of the transport protocol, at most 65,535 bytes.</param>
    public static ushort OfTransport(IpAddress source, IpAddress destination, byte protocol, ReadOnlySpan<byte> segment) =>
        Finish(Sum(segment, Sum(source) + Sum(destination) + protocol + (ulong)segment.Length));

    /// <summary>Adds bytes to a sum; an odd last byte counts as the high half of a word.</summary>
    /// <remarks>
    /// The sum does not mind the width of its words nor, until the end, their carries (RFC 1071, 2): so 32 bits are added at a time
    /// into 64, which has room for 2^32 of them.
    /// </remarks>
    private static ulong Sum(ReadOnlySpan<byte> bytes, ulong sum)
    {
        while (bytes.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    private static ulong Sum(IpAddress address) => (address.High >> 32) + (uint)address.High + (address.Low >> 32) + (uint)address.Low;

    private static ushort Finish(ulong sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
