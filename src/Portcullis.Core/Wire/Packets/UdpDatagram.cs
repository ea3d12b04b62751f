using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of a UDP datagram.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          source port          |       destination port        |
/// +-------------------------------+-------------------------------+
/// |            length             |           checksum            |
/// +-------------------------------+-------------------------------+
/// </code>
/// RFC 768.
/// </remarks>
public readonly ref struct UdpDatagram
{
    /// <summary>UDP's protocol number.</summary>
    public const byte Number = 17;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpDatagram(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The port it comes from; 0 for none.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The port it goes to.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Whether it says no checksum: allowed in IPv4 only.</summary>
    public bool HasNoChecksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) == 0;

    /// <summary>Whether the checksum is right for a packet between these addresses, or need not be there.</summary>
    public bool ChecksumIsValid(IpAddress source, IpAddress destination) =>
        HasNoChecksum ? source.Version == IpVersion.V4 : InternetChecksum.OfTransport(source, destination, Number, _bytes) == 0;

    /// <summary>Checks bytes and views them as a datagram; what lies behind it is cut off.</summary>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out UdpDatagram datagram)
    {
        datagram = default;
        if (bytes.Length < HeaderLength)
        {
            return PacketFault.Truncated;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < HeaderLength || length > bytes.Length)
        {
            return PacketFault.TotalLength;
        }

        datagram = new UdpDatagram(bytes[..length]);
        return PacketFault.None;
    }

    /// <summary>Writes a datagram with its checksum; gives its length.</summary>
    /// <param name="to">Room for all of it.</param>
    /// <param name="source">The packet's source, for the checksum.</param>
    /// <param name="destination">The packet's destination, for the checksum.</param>
    /// <param name="sourcePort">The port it comes from.</param>
    /// <param name="destinationPort">The port it goes to.</param>
    /// <param name="payload">The data, at most 65,527 bytes.</param>
    /// <exception cref="ArgumentException">More data than a datagram can have.</exception>
    public static int Write(Span<byte> to, IpAddress source, IpAddress destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        int length = HeaderLength + payload.Length;
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException("more data than a datagram can have", nameof(payload));
        }

        Span<byte> datagram = to[..length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        payload.CopyTo(datagram[HeaderLength..]);
        ushort sum = InternetChecksum.OfTransport(source, destination, Number, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], sum == 0 ? ushort.MaxValue : sum); // 0 would mean "none"
        return length;
    }
}
