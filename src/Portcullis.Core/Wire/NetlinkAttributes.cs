using System;

namespace Portcullis.Core.Wire;

/// <summary>
/// Walks the attributes at the end of a netlink message (struct nlattr of linux/netlink.h: u16 length with this header,
/// u16 type, value, padding to four bytes). Never throws: what does not fit ends the walk and sets <see cref="Malformed"/>.
/// </summary>
public ref struct NetlinkAttributes
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first attribute of <paramref name="buffer"/>.</summary>
    public NetlinkAttributes(ReadOnlySpan<byte> buffer) => _rest = buffer;

    /// <summary>The type of the current attribute, without the nested and byte-order flags.</summary>
    public int Type { get; private set; }

    /// <summary>Whether the current attribute says that its value is attributes (NLA_F_NESTED).</summary>
    public bool IsNested { get; private set; }

    /// <summary>The value of the current attribute.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether an attribute did not fit.</summary>
    public bool Malformed { get; private set; }

    /// <summary>The value as a number in the machine's byte order; null where it is shorter.</summary>
    public readonly uint? U32 => Value.Length < sizeof(uint) ? null : BitConverter.ToUInt32(Value);

    /// <summary>The value as a number in the machine's byte order; null where it is shorter.</summary>
    public readonly ulong? U64 => Value.Length < sizeof(ulong) ? null : BitConverter.ToUInt64(Value);

    /// <summary>Steps to the next attribute; false at the end, or where the rest is malformed.</summary>
    public bool Next()
    {
        if (_rest.Length < Netlink.AttributeHeaderLength)
        {
            Malformed |= !_rest.IsEmpty;
            return false;
        }

        int length = BitConverter.ToUInt16(_rest);
        if (length < Netlink.AttributeHeaderLength || length > _rest.Length)
        {
            Malformed = true;
            return false;
        }

        Type = BitConverter.ToUInt16(_rest[2..]) & Netlink.AttributeTypeMask;
        IsNested = (_rest[3] & 0x80) != 0;
        Value = _rest[Netlink.AttributeHeaderLength..length];
        _rest = _rest[Math.Min(Netlink.Align(length), _rest.Length)..];
        return true;
    }
}
