using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Portcullis.Core.Wire.Captures;

/// <summary>
/// Reads capture files of the format pcapng, of either byte order and any resolution of time: sections, interfaces, enhanced and simple packets.
/// Other blocks are passed over.
/// </summary>
/// <remarks>The blocks are drawn at <see cref="PcapngWriter"/>.</remarks>
public sealed class PcapngReader
{
    private const uint SectionHeader = 0x0a0d_0d0a; // the same in both orders
    private const int LeastBlock = 12;
    private const int MostInterfaces = 4096;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<(int LinkType, int Snap, byte Resolution)> _interfaces = [];
    private int _at;
    private bool _isBig;

    /// <summary>Begins to read.</summary>
    public PcapngReader(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>What is wrong, and at which byte; null for nothing.</summary>
    public (int Offset, string What)? Fault { get; private set; }

    /// <summary>The comment of the section; null for none.</summary>
    public string? Comment { get; private set; }

    /// <summary>Reads the next packet; null at the end, or at a fault.</summary>
    public CaptureRecord? Next()
    {
        while (Fault is null && _at < _bytes.Length)
        {
            int start = _at;
            if (!TryBlock(out uint type, out ReadOnlyMemory<byte> body))
            {
                return null;
            }

            CaptureRecord? packet = null;
            bool isWhole = type switch
            {
                SectionHeader => ReadSection(body.Span),
                1 => ReadInterface(body.Span),
                3 => ReadSimple(body, out packet),
                6 => ReadEnhanced(body, out packet),
                _ => true,
            };
            if (!isWhole)
            {
                Fault = (start, "a block that contradicts itself");
            }
            else if (packet is not null)
            {
                return packet;
            }
        }

        return null;
    }

    private bool TryBlock(out uint type, out ReadOnlyMemory<byte> body)
    {
        type = 0;
        body = default;
        ReadOnlySpan<byte> rest = _bytes.Span[_at..];
        if (rest.Length < LeastBlock)
        {
            Fault = (_at, "the file ends within a block");
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(rest) == SectionHeader)
        {
            _isBig = rest[8] == 0x1a; // the byte-order magic 0x1a2b3c4d
        }
        else if (_at == 0)
        {
            Fault = (0, "no pcapng file: it does not begin with a section");
            return false;
        }

        type = Number(rest);
        uint length = Number(rest[4..]);
        if (length < LeastBlock || length % 4 != 0 || length > (uint)rest.Length || Number(rest[((int)length - 4)..]) != length)
        {
            Fault = (_at, "a block whose two lengths are wrong");
            return false;
        }

        body = _bytes.Slice(_at + 8, (int)length - LeastBlock);
        _at += (int)length;
        return true;
    }

    private bool ReadSection(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16 || Number(body) != 0x1a2b_3c4d || Half(body[4..]) != 1)
        {
            return false;
        }

        _interfaces.Clear(); // they are numbered anew in each section
        Comment = TextOf(body[16..], PcapngOptionCode.Comment) ?? Comment;
        return true;
    }

    private bool ReadInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8 || _interfaces.Count == MostInterfaces)
        {
            return false;
        }

        ReadOnlySpan<byte> resolution = OptionIn(body[8..], PcapngOptionCode.Resolution);
        _interfaces.Add((Half(body), (int)Math.Min(Number(body[4..]), int.MaxValue), resolution.IsEmpty ? (byte)6 : resolution[0])); // microseconds
        return true;
    }

    private bool ReadSimple(ReadOnlyMemory<byte> body, out CaptureRecord? packet)
    {
        packet = null;
        if (body.Length < 4 || _interfaces.Count == 0)
        {
            return false;
        }

        // The captured length is not told: the block, the packet and the interface's limit bound it.
        uint length = Number(body.Span);
        int snap = _interfaces[0].Snap == 0 ? int.MaxValue : _interfaces[0].Snap;
        int captured = (int)Math.Min(Math.Min(length, (uint)snap), (uint)body.Length - 4);
        packet = new CaptureRecord(0, null, _interfaces[0].LinkType, (int)Math.Min(length, int.MaxValue), body.Slice(4, captured), null, null);
        return true;
    }

    private bool ReadEnhanced(ReadOnlyMemory<byte> body, out CaptureRecord? packet)
    {
        packet = null;
        ReadOnlySpan<byte> span = body.Span;
        if (span.Length < 20)
        {
            return false;
        }

        uint index = Number(span);
        uint captured = Number(span[12..]);
        uint padded = captured > int.MaxValue - 3 ? uint.MaxValue : (captured + 3) & ~3u;
        if (index >= _interfaces.Count || padded > (uint)span.Length - 20)
        {
            return false;
        }

        ReadOnlySpan<byte> options = span[(20 + (int)padded)..];
        ReadOnlySpan<byte> flags = OptionIn(options, PcapngOptionCode.Flags);
        uint direction = flags.Length >= 4 ? Number(flags) & 3 : 0;
        ulong units = ((ulong)Number(span[4..]) << 32) | Number(span[8..]);
        packet = new CaptureRecord(
            (int)index, Nanoseconds(units, _interfaces[(int)index].Resolution), _interfaces[(int)index].LinkType,
            (int)Math.Min(Number(span[16..]), int.MaxValue), body.Slice(20, (int)captured),
            direction is 1 or 2 ? direction == 2 : null, TextOf(options, PcapngOptionCode.Comment));
        return true;
    }

    /// <summary>Units of 10^-n, or 2^-n where the highest bit is set (4.2, if_tsresol); null where it does not fit.</summary>
    private static ulong? Nanoseconds(ulong units, byte resolution)
    {
        const ulong Second = 1_000_000_000;
        int power = resolution & 0x7f;
        if ((resolution & 0x80) != 0)
        {
            if (power > 63)
            {
                return null;
            }

            ulong seconds = power == 0 ? units : units >> power;
            ulong rest = power == 0 ? 0 : units & ((1ul << power) - 1);
            ulong high = Math.BigMul(rest, Second, out ulong low);
            ulong fraction = power == 0 ? 0 : (high << (64 - power)) | (low >> power);
            return seconds > ulong.MaxValue / Second - 1 ? null : (seconds * Second) + fraction;
        }

        for (; power < 9; power++)
        {
            if (units > ulong.MaxValue / 10)
            {
                return null;
            }

            units *= 10;
        }

        for (; power > 9 && units > 0; power--)
        {
            units /= 10;
        }

        return units;
    }

    private string? TextOf(ReadOnlySpan<byte> options, ushort code)
    {
        ReadOnlySpan<byte> value = OptionIn(options, code);
        return value.IsEmpty ? null : Encoding.UTF8.GetString(value);
    }

    /// <summary>The value of the first option with a code; empty where there is none, or the options are malformed before it.</summary>
    private ReadOnlySpan<byte> OptionIn(ReadOnlySpan<byte> options, ushort code)
    {
        while (options.Length >= 4)
        {
            ushort type = Half(options);
            int length = Half(options[2..]);
            int padded = (length + 3) & ~3;
            if (type == PcapngOptionCode.End || padded > options.Length - 4)
            {
                break;
            }

            if (type == code)
            {
                return options.Slice(4, length);
            }

            options = options[(4 + padded)..];
        }

        return default;
    }

    private uint Number(ReadOnlySpan<byte> bytes) => _isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort Half(ReadOnlySpan<byte> bytes) => _isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
