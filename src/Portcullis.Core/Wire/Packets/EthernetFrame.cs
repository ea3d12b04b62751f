using System;
using System.Buffers.Binary;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of an Ethernet II frame, with up to two VLAN tags.</summary>
/// <remarks>
/// <code>
/// +--------------+--------------+-----------------------+-----------+---------
/// | destination  | source       | 0 to 2 VLAN tags of 4 | EtherType | payload
/// | 6 bytes      | 6 bytes      | 0x8100 or 0x88a8, TCI | 2 bytes   |
/// +--------------+--------------+-----------------------+-----------+---------
/// </code>
/// IEEE 802.3, 3.2; tags: IEEE 802.1Q, 9.3. A value of the EtherType below 0x600 is a length (802.3 with LLC): no Ethernet II.
/// </remarks>
public readonly ref struct EthernetFrame
{
    /// <summary>Bytes of a header without tags.</summary>
    public const int HeaderLength = 14;

    /// <summary>The EtherType of IPv4.</summary>
    public const ushort IPv4 = 0x0800;

    /// <summary>The EtherType of ARP.</summary>
    public const ushort Arp = 0x0806;

    /// <summary>The EtherType of IPv6.</summary>
    public const ushort IPv6 = 0x86dd;

    private const ushort CustomerTag = 0x8100;
    private const ushort ServiceTag = 0x88a8;
    private const int TagLength = 4;
    private const int MostTags = 2;
    private const ushort LeastType = 0x600;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _type;

    private EthernetFrame(ReadOnlySpan<byte> bytes, int type)
    {
        _bytes = bytes;
        _type = type;
    }

    /// <summary>Where it goes.</summary>
    public MacAddress Destination => MacAddress.Read(_bytes);

    /// <summary>Where it comes from.</summary>
    public MacAddress Source => MacAddress.Read(_bytes[MacAddress.Length..]);

    /// <summary>The protocol inside, after the tags.</summary>
    public ushort EtherType => BinaryPrimitives.ReadUInt16BigEndian(_bytes[_type..]);

    /// <summary>The VLAN of the innermost tag, 0 to 4095; null where it has none.</summary>
    public int? Vlan => _type == HeaderLength - 2 ? null : BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_type - 2)..]) & 0xfff;

    /// <summary>What it carries; short packets have padding behind them, to 60 bytes of frame.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[(_type + 2)..];

    /// <summary>Checks bytes and views them as a frame.</summary>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out EthernetFrame frame)
    {
        frame = default;
        int type = HeaderLength - 2;
        for (int tags = 0; ; tags++)
        {
            if (bytes.Length < type + 2)
            {
                return PacketFault.Truncated;
            }

            ushort value = BinaryPrimitives.ReadUInt16BigEndian(bytes[type..]);
            if (value is CustomerTag or ServiceTag && tags < MostTags)
            {
                type += TagLength;
                continue;
            }

            frame = new EthernetFrame(bytes, type);
            return value < LeastType ? PacketFault.Kind : PacketFault.None;
        }
    }

    /// <summary>Writes a header without tags before the payload; gives its length.</summary>
    /// <param name="to">At least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="etherType">The protocol inside.</param>
    public static int WriteHeader(Span<byte> to, MacAddress destination, MacAddress source, ushort etherType)
    {
        destination.Write(to);
        source.Write(to[MacAddress.Length..]);
        BinaryPrimitives.WriteUInt16BigEndian(to[(2 * MacAddress.Length)..], etherType);
        return HeaderLength;
    }
}
