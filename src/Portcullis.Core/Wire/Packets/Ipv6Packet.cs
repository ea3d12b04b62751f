using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of an IPv6 packet, its extension headers walked through.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+---------------+---------------------------------------+
/// |version| traffic class |              flow label               |
/// +-------+---------------+-------+---------------+---------------+
/// |        payload length         |  next header  |   hop limit   |
/// +-------------------------------+---------------+---------------+
/// |                       source, 16 bytes                        |
/// |                     destination, 16 bytes                     |
/// +---------------------------------------------------------------+
/// </code>
/// RFC 8200, 3 and 4.
/// </remarks>
public readonly ref struct Ipv6Packet
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderLength = 40;

    private const byte HopByHop = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51; // RFC 4302: its length counts words of 4 bytes
    private const byte NoNext = 59;
    private const byte DestinationOptions = 60;
    private const byte Mobility = 135;
    private const byte HostIdentity = 139;
    private const byte Shim6 = 140;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _upper;
    private readonly int _fragment;

    private Ipv6Packet(ReadOnlySpan<byte> bytes, byte protocol, int upper, int fragment)
    {
        _bytes = bytes;
        Protocol = protocol;
        _upper = upper;
        _fragment = fragment;
    }

    /// <summary>The fixed header as a value.</summary>
    public Ipv6Header Header => new()
    {
        TrafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(_bytes) >> 4),
        FlowLabel = (int)(BinaryPrimitives.ReadUInt32BigEndian(_bytes) & 0xfffff),
        NextHeader = _bytes[6],
        HopLimit = _bytes[7],
        Source = IpAddress.FromNetworkOrder(_bytes[8..24]),
        Destination = IpAddress.FromNetworkOrder(_bytes[24..40]),
    };

    /// <summary>What it says its payload's length is, extension headers included.</summary>
    public int PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>The protocol behind the extension headers; in a fragment other than the first, that of the whole; 59 for none.</summary>
    public byte Protocol { get; }

    /// <summary>The extension headers.</summary>
    public ReadOnlySpan<byte> Extensions => _bytes[HeaderLength.._upper];

    /// <summary>Whether this is a part of a packet; an "atomic" fragment, first and last at once (RFC 6946), is none.</summary>
    public bool IsFragment => _fragment > 0 && (FragmentOffset > 0 || MoreFragments);

    /// <summary>Where the fragment's data belongs, in bytes; 0 for a whole packet.</summary>
    public int FragmentOffset => _fragment == 0 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_fragment + 2)..]) & 0xfff8;

    /// <summary>Whether further fragments follow.</summary>
    public bool MoreFragments => _fragment > 0 && (_bytes[_fragment + 3] & 1) != 0;

    /// <summary>What is behind the extension headers, without what lies behind the packet in the frame.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_upper..];

    /// <summary>Checks bytes and views them as a packet.</summary>
    /// <param name="bytes">The packet, perhaps with padding behind it.</param>
    /// <param name="packet">The view.</param>
    /// <param name="isQuoted">Whether it may be cut off behind its headers, as in an ICMPv6 error (RFC 4443, 2.4).</param>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out Ipv6Packet packet, bool isQuoted = false)
    {
        packet = default;
        if (bytes.Length < HeaderLength)
        {
            return PacketFault.Truncated;
        }

        if (bytes[0] >> 4 != 6)
        {
            return PacketFault.Kind;
        }

        int total = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (total > bytes.Length && !isQuoted)
        {
            return PacketFault.TotalLength;
        }

        return Walk(bytes[..Math.Min(total, bytes.Length)], out packet);
    }

    private static PacketFault Walk(ReadOnlySpan<byte> bytes, out Ipv6Packet packet)
    {
        packet = default;
        byte next = bytes[6];
        int at = HeaderLength;
        int fragment = 0;
        while (next is HopByHop or Routing or Fragment or Authentication or DestinationOptions or Mobility or HostIdentity or Shim6)
        {
            if (at + 8 > bytes.Length)
            {
                return PacketFault.Extensions;
            }

            int length = next switch
            {
                Fragment => 8,
                Authentication => (bytes[at + 1] + 2) * 4,
                _ => (bytes[at + 1] + 1) * 8,
            };
            if (at + length > bytes.Length)
            {
                return PacketFault.Extensions;
            }

            bool isLater = next == Fragment && (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) & 0xfff8) != 0;
            fragment = next == Fragment ? at : fragment;
            next = bytes[at];
            at += length;
            if (isLater)
            {
                break; // what follows is from the middle of the packet
            }
        }

        packet = new Ipv6Packet(next == NoNext ? bytes[..at] : bytes, next, at, fragment);
        return PacketFault.None;
    }
}
