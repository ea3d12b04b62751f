using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of an IPv4 packet.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+-------------------------------+
/// |version|  IHL  | DSCP      |ECN|         total length          |
/// +-------+-------+---------------+-----+-------------------------+
/// |        identification         |0|D|M|     fragment offset     |
/// +---------------+---------------+-----+-------------------------+
/// | time to live  |   protocol    |        header checksum        |
/// +---------------+---------------+-------------------------------+
/// |                            source                             |
/// |                          destination                          |
/// |                  options, to 40 bytes                         |
/// +---------------------------------------------------------------+
/// </code>
/// RFC 791, 3.1.
/// </remarks>
public readonly ref struct Ipv4Packet
{
    /// <summary>Bytes of a header without options.</summary>
    public const int LeastHeader = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4Packet(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The header as a value.</summary>
    public Ipv4Header Header => new()
    {
        TrafficClass = _bytes[1],
        Identification = BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]),
        DontFragment = (_bytes[6] & 0x40) != 0,
        MoreFragments = (_bytes[6] & 0x20) != 0,
        FragmentOffset = (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x1fff) * 8,
        TimeToLive = _bytes[8],
        Protocol = _bytes[9],
        Source = IpAddress.FromNetworkOrder(_bytes[12..16]),
        Destination = IpAddress.FromNetworkOrder(_bytes[16..20]),
    };

    /// <summary>Bytes of the header with its options, 20 to 60.</summary>
    public int HeaderLength => (_bytes[0] & 0xf) * 4;

    /// <summary>The options, with their padding; 0 to 40 bytes.</summary>
    public ReadOnlySpan<byte> Options => _bytes[LeastHeader..HeaderLength];

    /// <summary>What it says its length is; more than came where it was cut off, as those quoted by ICMP are.</summary>
    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Whether this is a part of a packet: the transport header stands only in the part at offset 0.</summary>
    public bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x3fff) != 0;

    /// <summary>Whether the header's checksum is right.</summary>
    public bool ChecksumIsValid => InternetChecksum.Of(_bytes[..HeaderLength]) == 0;

    /// <summary>What it carries, without what lies behind it in the frame.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Checks bytes and views them as a packet.</summary>
    /// <param name="bytes">The packet, perhaps with padding behind it.</param>
    /// <param name="packet">The view.</param>
    /// <param name="isQuoted">Whether it may be cut off behind its header, as in an ICMP error (RFC 792; RFC 1812, 4.3.2.3).</param>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out Ipv4Packet packet, bool isQuoted = false)
    {
        packet = default;
        if (bytes.Length < LeastHeader)
        {
            return PacketFault.Truncated;
        }

        if (bytes[0] >> 4 != 4)
        {
            return PacketFault.Kind;
        }

        int header = (bytes[0] & 0xf) * 4;
        if (header < LeastHeader || header > bytes.Length)
        {
            return PacketFault.HeaderLength;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (total < header || (total > bytes.Length && !isQuoted))
        {
            return PacketFault.TotalLength;
        }

        packet = new Ipv4Packet(bytes[..Math.Min(total, bytes.Length)]);
        return PacketFault.None;
    }
}
