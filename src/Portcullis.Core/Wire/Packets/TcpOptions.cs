using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The standard options of a TCP segment (RFC 9293, 3.2; RFC 7323; RFC 2018).</summary>
/// <remarks>
/// <code>
///  0 end | 1 no operation | 2,4,MSS:16 | 3,3,shift | 4,2 SACK permitted | 5,2+8n,{left:32,right:32} | 8,10,value:32,echo:32
/// </code>
/// </remarks>
public readonly record struct TcpOptions
{
    /// <summary>The most bytes that options can take.</summary>
    public const int MostBytes = 40;

    private const byte End = 0;
    private const byte NoOperation = 1;
    private const byte MaximumSegmentSize = 2;
    private const byte Scale = 3;
    private const byte SackPermitted = 4;
    private const byte Sack = 5;
    private const byte Timestamps = 8;

    /// <summary>The largest segment that the sender takes; null where not told (536 is meant for IPv4, RFC 9293, 3.7.1).</summary>
    public ushort? SegmentSize { get; init; }

    /// <summary>By how many bits its windows are to be shifted, as sent (more than 14 means 14); null where not told.</summary>
    public byte? WindowScale { get; init; }

    /// <summary>Whether selective acknowledgements may be sent to it.</summary>
    public bool SackIsPermitted { get; init; }

    /// <summary>The sender's clock and the last that it saw of the other side's; null where not told.</summary>
    public (uint Value, uint Echo)? Timestamp { get; init; }

    /// <summary>The first block of a selective acknowledgement: received beyond the acknowledged; null where there is none.</summary>
    public (uint Left, uint Right)? FirstSack { get; init; }

    /// <summary>Whether the bytes do not add up to options; those before the fault are told.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>Reads the options of a segment; unknown kinds are passed over.</summary>
    public static TcpOptions Read(ReadOnlySpan<byte> bytes)
    {
        TcpOptions options = default;
        while (!bytes.IsEmpty && bytes[0] != End)
        {
            if (bytes[0] == NoOperation)
            {
                bytes = bytes[1..];
                continue;
            }

            if (bytes.Length < 2 || bytes[1] < 2 || bytes[1] > bytes.Length)
            {
                return options with { IsMalformed = true };
            }

            ReadOnlySpan<byte> value = bytes[2..bytes[1]];
            options = (bytes[0], value.Length) switch
            {
                (MaximumSegmentSize, 2) => options with { SegmentSize = BinaryPrimitives.ReadUInt16BigEndian(value) },
                (Scale, 1) => options with { WindowScale = value[0] },
                (SackPermitted, 0) => options with { SackIsPermitted = true },
                (Timestamps, 8) => options with { Timestamp = (BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value[4..])) },
                (Sack, 8 or 16 or 24 or 32) => options with { FirstSack = (BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value[4..])) },
                (MaximumSegmentSize or Scale or SackPermitted or Timestamps or Sack, _) => options with { IsMalformed = true },
                _ => options,
            };
            bytes = bytes[bytes[1]..];
        }

        return options;
    }

    /// <summary>Writes the options, padded to a multiple of 4; gives their length, at most 40.</summary>
    public int Write(Span<byte> to)
    {
        int at = 0;
        if (SegmentSize is ushort size)
        {
            to[at] = MaximumSegmentSize;
            to[at + 1] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], size);
            at += 4;
        }

        if (SackIsPermitted)
        {
            to[at] = SackPermitted;
            to[at + 1] = 2;
            at += 2;
        }

        if (Timestamp is (uint value, uint echo))
        {
            to[at] = Timestamps;
            to[at + 1] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 2)..], value);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 6)..], echo);
            at += 10;
        }

        if (WindowScale is byte shift)
        {
            to[at] = Scale;
            to[at + 1] = 3;
            to[at + 2] = shift;
            at += 3;
        }

        if (FirstSack is (uint left, uint right))
        {
            to[at] = Sack;
            to[at + 1] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 2)..], left);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 6)..], right);
            at += 10;
        }

        while (at % 4 != 0)
        {
            to[at++] = NoOperation;
        }

        return at;
    }

    /// <summary>The options in the words that traces use: "mss 1460", "sack ok", "timestamp 5 echo 3", "window scale 7".</summary>
    public IReadOnlyList<string> Texts()
    {
        List<string> texts = [];
        Add(SegmentSize is not null, $"mss {SegmentSize}");
        Add(SackIsPermitted, $"sack ok");
        Add(Timestamp is not null, $"timestamp {Timestamp.GetValueOrDefault().Value} echo {Timestamp.GetValueOrDefault().Echo}");
        Add(WindowScale is not null, $"window scale {WindowScale}");
        Add(FirstSack is not null, $"sack {FirstSack.GetValueOrDefault().Left}-{FirstSack.GetValueOrDefault().Right}");
        Add(IsMalformed, $"malformed options");
        return texts;

        void Add(bool isThere, FormattableString text)
        {
            if (isThere)
            {
                texts.Add(text.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
