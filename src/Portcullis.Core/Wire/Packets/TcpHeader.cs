using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The header of a TCP segment as a value (RFC 9293, 3.1; drawn at <see cref="TcpSegment"/>).</summary>
public readonly record struct TcpHeader
{
    /// <summary>The port it comes from.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The port it goes to.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The number of its first byte (of the SYN, where that is set).</summary>
    public uint Sequence { get; init; }

    /// <summary>The next number that its sender expects.</summary>
    public uint Acknowledgement { get; init; }

    /// <summary>The control bits.</summary>
    public TcpControl Control { get; init; }

    /// <summary>How many bytes its sender can take, before the scale.</summary>
    public ushort Window { get; init; }

    /// <summary>Where urgent data end.</summary>
    public ushort Urgent { get; init; }

    /// <summary>Writes header, options and data with their checksum; gives the length of all.</summary>
    /// <param name="to">Room for all of it.</param>
    /// <param name="source">The packet's source, for the checksum.</param>
    /// <param name="destination">The packet's destination, for the checksum.</param>
    /// <param name="options">Options, padded to a multiple of 4; at most 40 bytes.</param>
    /// <param name="payload">The data.</param>
    /// <exception cref="ArgumentException">Lengths that no segment can have.</exception>
    public int Write(Span<byte> to, IpAddress source, IpAddress destination, ReadOnlySpan<byte> options = default, ReadOnlySpan<byte> payload = default)
    {
        int header = TcpSegment.LeastHeader + options.Length;
        int length = header + payload.Length;
        if (options.Length > 40 || options.Length % 4 != 0 || length > ushort.MaxValue)
        {
            throw new ArgumentException("no TCP segment has such lengths", nameof(options));
        }

        Span<byte> segment = to[..length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], Acknowledgement);
        BinaryPrimitives.WriteUInt16BigEndian(segment[12..], (ushort)((header / 4 << 12) | (int)Control));
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(segment[18..], Urgent);
        options.CopyTo(segment[TcpSegment.LeastHeader..]);
        payload.CopyTo(segment[header..]);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], InternetChecksum.OfTransport(source, destination, TcpSegment.Number, segment));
        return length;
    }
}
