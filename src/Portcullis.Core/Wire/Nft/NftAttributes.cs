using System;
using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// The attributes of one expression, by type. Numbers of nf_tables are big-endian. An attribute with a type that is not expected
/// may change the meaning of the others: it makes the whole unknown.
/// </summary>
internal ref struct NftAttributes
{
    private readonly ReadOnlySpan<byte> _data;
    private NftSlots _slots;

    /// <summary>Reads all of them.</summary>
    /// <param name="data">The attributes.</param>
    /// <param name="last">The highest type that is known, at most <see cref="NftSlots.Count"/> - 1.</param>
    internal NftAttributes(ReadOnlySpan<byte> data, int last)
    {
        _data = data;
        IsWhole = true;
        NetlinkAttributes attributes = new(data);
        while (attributes.Next())
        {
            if (attributes.Type > last)
            {
                IsWhole = false;
                continue;
            }

            bool found = data.Overlaps(attributes.Value, out int offset);
            _slots[attributes.Type] = ((long)(found ? offset : 0) << 32) | (uint)attributes.Value.Length | Present;
        }

        IsWhole &= !attributes.Malformed;
    }

    private const long Present = 1L << 31;

    /// <summary>Whether there was nothing unexpected.</summary>
    internal bool IsWhole { get; }

    internal readonly bool Has(int type) => _slots[type] != 0;

    internal readonly ReadOnlySpan<byte> Bytes(int type) => _data.Slice((int)(_slots[type] >> 32), (int)(_slots[type] & 0x7fffffff));

    /// <summary>A number of one to four bytes; null where there is none.</summary>
    internal readonly uint? Number(int type)
    {
        ReadOnlySpan<byte> bytes = Bytes(type);
        return bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => null,
        };
    }

    /// <summary>A number of eight bytes; null where there is none.</summary>
    internal readonly ulong? Long(int type) => Bytes(type).Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(Bytes(type)) : null;

    /// <summary>A text, which ends at its first zero; empty where there is none.</summary>
    internal readonly string Text(int type) => TextOf(Bytes(type));

    /// <summary>The value in NFTA_DATA_VALUE of a nested attribute; empty where there is none.</summary>
    internal readonly ReadOnlySpan<byte> Value(int type)
    {
        NetlinkAttributes nested = new(Bytes(type));
        return nested.Next() && nested.Type == 1 ? nested.Value : default;
    }

    internal static string TextOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
