using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The address of a network card on its link (IEEE 802, EUI-48).</summary>
/// <param name="Bits">Its 48 bits as a number.</param>
public readonly record struct MacAddress(ulong Bits)
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 6;

    /// <summary>Everybody on the link.</summary>
    public static MacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    /// <summary>Reads one from at least 6 bytes.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) => new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Writes its 6 bytes.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(Bits >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(to[2..], (uint)Bits);
    }

    /// <summary>"02:00:00:00:00:01".</summary>
    public override string ToString()
    {
        string digits = Bits.ToString("x12", CultureInfo.InvariantCulture);
        return string.Join(':', digits[..2], digits[2..4], digits[4..6], digits[6..8], digits[8..10], digits[10..]);
    }
}
