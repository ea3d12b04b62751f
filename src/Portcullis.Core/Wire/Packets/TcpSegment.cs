using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of a TCP segment.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          source port          |       destination port        |
/// +-------------------------------+-------------------------------+
/// |                        sequence number                        |
/// +---------------------------------------------------------------+
/// |                     acknowledgement number                    |
/// +-------+-----+-----------------+-------------------------------+
/// |offset |  0  | A C E U A P R S F             window            |
/// +-------+-----+-----------------+-------------------------------+
/// |           checksum            |        urgent pointer         |
/// +-------------------------------+-------------------------------+
/// |                  options, to 40 bytes                         |
/// +---------------------------------------------------------------+
/// </code>
/// RFC 9293, 3.1.
/// </remarks>
public readonly ref struct TcpSegment
{
    /// <summary>TCP's protocol number.</summary>
    public const byte Number = 6;

    /// <summary>Bytes of a header without options.</summary>
    public const int LeastHeader = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpSegment(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The port it comes from.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The port it goes to.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The number of its first byte (of the SYN, where that is set).</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>The next number that its sender expects.</summary>
    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>The control bits.</summary>
    public TcpControl Control => (TcpControl)(BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]) & 0x1ff);

    /// <summary>How many bytes its sender can take, before the scale (RFC 7323).</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);

    /// <summary>Where urgent data end.</summary>
    public ushort Urgent => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);

    /// <summary>Bytes of the header with its options, 20 to 60.</summary>
    public int HeaderLength => (_bytes[12] >> 4) * 4;

    /// <summary>The options, with their padding; 0 to 40 bytes.</summary>
    public ReadOnlySpan<byte> Options => _bytes[LeastHeader..HeaderLength];

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>The numbers that it takes up: its data, and one each for SYN and FIN (RFC 9293, 3.4).</summary>
    public int SequenceLength => Payload.Length + ((Control & TcpControl.Syn) != TcpControl.None ? 1 : 0) + ((Control & TcpControl.Fin) != TcpControl.None ? 1 : 0);

    /// <summary>The header as a value.</summary>
    public TcpHeader Header => new()
    {
        SourcePort = SourcePort,
        DestinationPort = DestinationPort,
        Sequence = Sequence,
        Acknowledgement = Acknowledgement,
        Control = Control,
        Window = Window,
        Urgent = Urgent,
    };

    /// <summary>Whether the checksum is right for a packet between these addresses.</summary>
    public bool ChecksumIsValid(IpAddress source, IpAddress destination) => InternetChecksum.OfTransport(source, destination, Number, _bytes) == 0;

    /// <summary>Checks bytes and views them as a segment.</summary>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < LeastHeader)
        {
            return PacketFault.Truncated;
        }

        int header = (bytes[12] >> 4) * 4;
        if (header < LeastHeader || header > bytes.Length)
        {
            return PacketFault.HeaderLength;
        }

        segment = new TcpSegment(bytes);
        return PacketFault.None;
    }

    /// <summary>The first 8 bytes of a segment, which is all that an ICMP error must quote (RFC 792): ports and sequence number.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> bytes, out ushort sourcePort, out ushort destinationPort, out uint sequence)
    {
        bool isWhole = bytes.Length >= 8;
        sourcePort = isWhole ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        destinationPort = isWhole ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : (ushort)0;
        sequence = isWhole ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : 0;
        return isWhole;
    }
}
