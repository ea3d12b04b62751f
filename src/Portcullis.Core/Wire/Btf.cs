using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Portcullis.Core.Wire;

/// <summary>
/// Looks up structures and functions in BTF, the kernel's description of its own types
/// (Documentation/bpf/btf.rst; linux/btf.h). Nothing is copied; whatever the bytes are, every look-up ends.
/// </summary>
/// <remarks>
/// struct btf_header, little-endian here; all section offsets count from its end:
/// <code>
///  31            24              16               8              0
/// +-------------------------------+---------------+---------------+
/// |         magic 0xeB9F          |   version 1   |     flags     |  +0  (as bytes: 9F EB 01 flags)
/// +-------------------------------+---------------+---------------+
/// |                        header's length                        |  +4
/// +---------------------------------------------------------------+
/// |                       offset of the types                     |  +8
/// +---------------------------------------------------------------+
/// |                       length of the types                     |  +12
/// +---------------------------------------------------------------+
/// |                      offset of the strings                    |  +16
/// +---------------------------------------------------------------+
/// |                      length of the strings                    |  +20
/// +---------------------------------------------------------------+
/// </code>
/// Types follow one another, numbered from 1, each a struct btf_type with what its kind adds:
/// <code>
/// +---------------------------------------------------------------+
/// |               name: offset in the strings; 0 for none         |
/// +-+-------------+---------------+-------------------------------+
/// |f|  0  | kind  |       0       |       number of members       |
/// +-+-------------+---------------+-------------------------------+
/// |                       size, or another type                   |
/// +---------------------------------------------------------------+
/// </code>
/// </remarks>
public readonly ref struct Btf
{
    private const int HeaderSize = 24;
    private const int TypeSize = 12;
    private const int MemberSize = 12;

    // The kernel nests anonymous structures two or three deep; a loop in hostile types must not lead us round for ever.
    private const int DeepestNesting = 8;
    private const int MostVisits = 64;

    private readonly ReadOnlySpan<byte> _types;
    private readonly ReadOnlySpan<byte> _strings;

    private Btf(ReadOnlySpan<byte> types, ReadOnlySpan<byte> strings)
    {
        _types = types;
        _strings = strings;
    }

    /// <summary>Reads the header.</summary>
    /// <param name="bytes">The contents of /sys/kernel/btf/vmlinux, or anything.</param>
    /// <param name="btf">What can be looked up in; valid as long as the bytes.</param>
    /// <returns>Whether it is a little-endian header of version 1, on such a machine, whose sections lie within the bytes.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out Btf btf)
    {
        btf = default;
        if (!BitConverter.IsLittleEndian || bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 8 != 0x01EB9F00)
        {
            return false;
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (header < HeaderSize || header > bytes.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = bytes[(int)header..];
        if (!Section(rest, bytes[8..], out ReadOnlySpan<byte> types) || !Section(rest, bytes[16..], out ReadOnlySpan<byte> strings))
        {
            return false;
        }

        btf = new Btf(types, strings);
        return true;
    }

    /// <summary>Finds the first type of each name in one pass over all types.</summary>
    /// <param name="names">What is looked for.</param>
    /// <param name="found">As long as the names; those not found are left as default.</param>
    /// <returns>False where the types are broken or of a kind that is not known, so that what follows cannot be read.</returns>
    public bool Find(ReadOnlySpan<BtfName> names, Span<BtfType> found)
    {
        found[..names.Length].Clear();
        ulong beginnings = 0;
        uint kinds = 0;
        foreach (BtfName name in names)
        {
            beginnings |= 1UL << Beginning(name.Name[0], name.Name.Length > 1 ? name.Name[1] : 0);
            kinds |= 1u << (int)name.Kind;
        }

        // More than a hundred thousand types are passed by here, so this loop does nothing that it need not.
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(_types);
        ReadOnlySpan<byte> strings = _strings;
        int missing = names.Length;
        int at = 0;
        for (int id = 1; missing > 0 && at < words.Length; id++)
        {
            if (words.Length - at < TypeSize / 4)
            {
                return false;
            }

            uint info = words[at + 1];
            int kind = (int)(info >> 24) & 0x1F;
            if ((kinds >> kind & 1) != 0
                && words[at] is uint name && name < (uint)(strings.Length - 1)
                && (beginnings >> Beginning(strings[(int)name], strings[(int)name + 1]) & 1) != 0
                && Match((BtfKind)kind, name, names) is int place and >= 0
                && !found[place].Exists)
            {
                if (!Read(id, at * 4, out BtfType type, out _))
                {
                    return false;
                }

                found[place] = type;
                missing--;
            }

            int tail = TailWords(kind, (int)(info & 0xFFFF));
            if (tail < 0 || words.Length - at - (TypeSize / 4) < tail)
            {
                return false;
            }

            at += (TypeSize / 4) + tail;
        }

        return missing == 0 || _types.Length % 4 == 0;
    }

    /// <summary>The offset in bytes of a member of a structure, also of one inside its anonymous structures and unions.</summary>
    /// <param name="type">A structure or union of this BTF.</param>
    /// <param name="member">Its name, ASCII.</param>
    /// <returns>Null where there is no such member, or it is a bit-field or not on a whole byte.</returns>
    public int? OffsetOf(BtfType type, string member)
    {
        int visits = 0;
        return BitOf(type, member, 0, 0, ref visits) is int bits && bits % 8 == 0 ? bits / 8 : null;
    }

    /// <summary>Where a member of one bit stands in a structure, as <see cref="OffsetOf(BtfType, string)"/> looks for it.</summary>
    /// <param name="type">A structure or union of this BTF.</param>
    /// <param name="member">Its name, ASCII.</param>
    /// <returns>The number of the bit, counted from the lowest bit of the first byte; null where there is no such member of one bit.</returns>
    public int? BitOf(BtfType type, string member)
    {
        int visits = 0;
        return BitOf(type, member, 1, 0, ref visits);
    }

    /// <summary>Where a member of so many bits begins, in bits; a width of 0 is that of all that are no bit-fields.</summary>
    private int? BitOf(BtfType type, string member, uint wanted, int depth, ref int visits)
    {
        if (type.Kind is not (BtfKind.Struct or BtfKind.Union) || ++visits > MostVisits || depth > DeepestNesting)
        {
            return null;
        }

        // The top bit of the type's second word says that a member's offset is 8 bits of width and 24 of offset.
        bool hasWidths = (Word(type.At - 8) & 0x80000000) != 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int place = 0; place < type.Members; place++)
            {
                int at = type.At + (place * MemberSize);
                uint name = Word(at);
                uint bits = Word(at + 8);
                uint width = hasWidths ? bits >> 24 : 0;
                bits = hasWidths ? bits & 0xFFFFFF : bits;
                if (pass == 0 ? name == 0 || !Is(name, member) : name != 0)
                {
                    continue;
                }

                if (pass == 0)
                {
                    return width == wanted && bits <= int.MaxValue / 2 ? (int)bits : null;
                }

                if (BitOf(ById(Word(at + 4)), member, wanted, depth + 1, ref visits) is int inner && bits % 8 == 0
                    && bits <= int.MaxValue / 2 && inner <= int.MaxValue / 2)
                {
                    return (int)bits + inner;
                }
            }
        }

        return null;
    }

    private BtfType ById(uint wanted)
    {
        int at = 0;
        for (int id = 1; at < _types.Length && Read(id, at, out BtfType type, out _); id++)
        {
            if (id == wanted)
            {
                return type;
            }

            at = type.At + Tail(type);
        }

        return default;
    }

    /// <summary>Reads a type and makes sure that all of it is there.</summary>
    private bool Read(int id, int at, out BtfType type, out uint name)
    {
        if (_types.Length - at < TypeSize)
        {
            type = default;
            name = 0;
            return false;
        }

        name = Word(at);
        uint info = Word(at + 4);
        type = new BtfType(id, (BtfKind)((info >> 24) & 0x1F), Word(at + 8), (int)(info & 0xFFFF), at + TypeSize);
        int tail = Tail(type);
        return tail >= 0 && _types.Length - type.At >= tail;
    }

    /// <summary>What a type of this kind adds behind its struct btf_type, in bytes; -1 where the kind is not known.</summary>
    private static int Tail(BtfType type) => TailWords((int)type.Kind, type.Members) is int words and >= 0 ? words * 4 : -1;

    private static int TailWords(int kind, int members)
    {
        // By kind: words for each member, and words for the whole.
        ReadOnlySpan<byte> each = [0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3];
        ReadOnlySpan<byte> once = [0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0];
        return kind == 0 || kind >= each.Length ? -1 : (each[kind] * members) + once[kind];
    }

    private static int Beginning(int first, int second) => (first + (second << 2)) & 63;

    private int Match(BtfKind kind, uint name, ReadOnlySpan<BtfName> names)
    {
        for (int place = 0; place < names.Length; place++)
        {
            if (names[place].Kind == kind && Is(name, names[place].Name))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Whether the string at an offset is exactly this one.</summary>
    private bool Is(uint offset, string text)
    {
        if (offset >= (uint)_strings.Length || _strings.Length - (int)offset <= text.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _strings.Slice((int)offset, text.Length + 1);
        for (int at = 0; at < text.Length; at++)
        {
            if (bytes[at] != text[at])
            {
                return false;
            }
        }

        return bytes[text.Length] == 0;
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_types[at..]);

    private static bool Section(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> place, out ReadOnlySpan<byte> section)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(place);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(place[4..]);
        bool inside = offset <= rest.Length && length <= rest.Length - offset;
        section = inside ? rest.Slice((int)offset, (int)length) : default;
        return inside;
    }
}
