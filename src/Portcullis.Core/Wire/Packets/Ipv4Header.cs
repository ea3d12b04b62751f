using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The header of an IPv4 packet as a value (RFC 791, 3.1; drawn at <see cref="Ipv4Packet"/>).</summary>
public readonly record struct Ipv4Header
{
    /// <summary>DSCP (6 bits) and ECN (2 bits).</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The number that the fragments of a packet share.</summary>
    public ushort Identification { get; init; }

    /// <summary>Whether routers may not cut it in pieces.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Whether further fragments follow.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Where the fragment's data belongs, in bytes: a multiple of 8 up to 65,528.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>How many routers may pass it on.</summary>
    public byte TimeToLive { get; init; }

    /// <summary>The transport protocol's number: 1 ICMP, 6 TCP, 17 UDP.</summary>
    public byte Protocol { get; init; }

    /// <summary>The source, an IPv4 address.</summary>
    public IpAddress Source { get; init; }

    /// <summary>The destination, an IPv4 address.</summary>
    public IpAddress Destination { get; init; }

    /// <summary>Writes the header, with its checksum, before a payload that stands or will stand behind it; gives its length.</summary>
    /// <param name="to">At least 20 bytes and those of the options.</param>
    /// <param name="payloadLength">Bytes of the payload; with the header at most 65,535.</param>
    /// <param name="options">Options, padded to a multiple of 4; at most 40 bytes.</param>
    /// <exception cref="ArgumentException">Lengths that no packet can have.</exception>
    public int Write(Span<byte> to, int payloadLength, ReadOnlySpan<byte> options = default)
    {
        int length = Ipv4Packet.LeastHeader + options.Length;
        if (options.Length > 40 || options.Length % 4 != 0 || payloadLength < 0 || length + payloadLength > ushort.MaxValue || FragmentOffset is < 0 or > 65_528 || FragmentOffset % 8 != 0)
        {
            throw new ArgumentException("no IPv4 packet has such lengths", nameof(payloadLength));
        }

        Span<byte> header = to[..length];
        header[0] = (byte)(0x40 | (length / 4));
        header[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(length + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)((DontFragment ? 0x4000 : 0) | (MoreFragments ? 0x2000 : 0) | (FragmentOffset / 8)));
        header[8] = TimeToLive;
        header[9] = Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        Source.WriteNetworkOrder(header[12..]);
        Destination.WriteNetworkOrder(header[16..]);
        options.CopyTo(header[Ipv4Packet.LeastHeader..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header));
        return length;
    }
}
