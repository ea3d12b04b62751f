using System;
using System.Buffers;
using System.Text;

namespace Portcullis.Core.Wire.Captures;

/// <summary>Writes a capture file of the format pcapng, with one interface and times in nanoseconds, in little-endian order.</summary>
/// <remarks>
/// <code>
/// +------------+--------------+------------------+----------------+--------------+
/// | block type | total length | body, padded to  | options, each  | total length |
/// | 4 bytes    | 4 bytes      | 4 bytes          | type:2 length:2| again        |
/// +------------+--------------+------------------+----------------+--------------+
/// </code>
/// draft-ietf-opsawg-pcapng, 3.1.
/// </remarks>
public sealed class PcapngWriter
{
    /// <summary>LINKTYPE_RAW: packets begin with their IP header.</summary>
    public const int RawIp = 101;

    private const uint SectionHeader = 0x0a0d_0d0a;
    private const uint InterfaceDescription = 1;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrder = 0x1a2b_3c4d;

    private readonly IBufferWriter<byte> _to;
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Begins a file.</summary>
    /// <param name="to">Where it goes.</param>
    /// <param name="linkType">How the packets begin.</param>
    /// <param name="application">Which program writes it.</param>
    /// <param name="comment">A remark about the whole; null for none.</param>
    public PcapngWriter(IBufferWriter<byte> to, int linkType, string application, string? comment = null)
    {
        _to = to;
        Number(ByteOrder);
        Number(1); // major version 1, minor 0
        Number(uint.MaxValue);
        Number(uint.MaxValue); // the section's length is not told
        Option(PcapngOptionCode.Application, Encoding.UTF8.GetBytes(application));
        End(SectionHeader, comment);

        Number((uint)linkType);
        Number(0); // packets of any length
        Option(PcapngOptionCode.Resolution, [9]); // 10^-9 seconds
        End(InterfaceDescription, null);
    }

    /// <summary>Writes a packet with its time.</summary>
    /// <param name="nanoseconds">When, since 1970.</param>
    /// <param name="bytes">The packet.</param>
    /// <param name="isOutgoing">Whether it was sent from here; null where that is not known.</param>
    /// <param name="comment">A remark; null for none.</param>
    public void Packet(ulong nanoseconds, ReadOnlySpan<byte> bytes, bool? isOutgoing = null, string? comment = null)
    {
        Number(0);
        Number((uint)(nanoseconds >> 32));
        Number((uint)nanoseconds);
        Number((uint)bytes.Length);
        Number((uint)bytes.Length);
        Padded(bytes);
        if (isOutgoing is bool outgoing)
        {
            Option(PcapngOptionCode.Flags, BitConverter.GetBytes(outgoing ? 2u : 1u));
        }

        End(EnhancedPacket, comment);
    }

    /// <summary>Writes a packet without its time.</summary>
    public void Packet(ReadOnlySpan<byte> bytes)
    {
        Number((uint)bytes.Length);
        Padded(bytes);
        Block(SimplePacket);
    }

    private void End(uint type, string? comment)
    {
        if (comment is not null)
        {
            byte[] text = Encoding.UTF8.GetBytes(comment);
            Option(PcapngOptionCode.Comment, text.AsSpan(0, Math.Min(text.Length, ushort.MaxValue)));
        }

        if (type != EnhancedPacket || comment is not null || _hasOptions)
        {
            Number(PcapngOptionCode.End);
        }

        Block(type);
    }

    private bool _hasOptions;

    private void Block(uint type)
    {
        uint length = (uint)_body.WrittenCount + 12;
        Span<byte> header = _to.GetSpan((int)length);
        BitConverter.TryWriteBytes(header, type);
        BitConverter.TryWriteBytes(header[4..], length);
        _body.WrittenSpan.CopyTo(header[8..]);
        BitConverter.TryWriteBytes(header[(_body.WrittenCount + 8)..], length);
        _to.Advance((int)length);
        _body.Clear();
        _hasOptions = false;
    }

    private void Option(ushort code, ReadOnlySpan<byte> value)
    {
        _hasOptions = true;
        Number(((uint)value.Length << 16) | code);
        Padded(value);
    }

    private void Number(uint number)
    {
        BitConverter.TryWriteBytes(_body.GetSpan(4), number);
        _body.Advance(4);
    }

    private void Padded(ReadOnlySpan<byte> bytes)
    {
        int length = (bytes.Length + 3) & ~3;
        Span<byte> room = _body.GetSpan(length)[..length];
        room.Clear();
        bytes.CopyTo(room);
        _body.Advance(length);
    }
}
