using System;
using System.Text;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>One entry of a table: a rule, a chain's policy, or the head of a chain that a user made.</summary>
/// <remarks>
/// struct ipt_entry of linux/netfilter_ipv4/ip_tables.h on a 64-bit kernel: what it matches (84 bytes), u32 cache, u16 target_offset, u16 next_offset,
/// u32 comefrom, two u64 counters: 112 bytes; then matches, then one target. struct ip6t_entry: 136 bytes of what it matches, 168 in all. A
/// match or target: u16 size, char name[29], u8 revision, its structure.
/// </remarks>
internal readonly ref struct XtEntry
{
    internal const int NameLength = 29; // XT_EXTENSION_MAXNAMELEN
    internal const int ExtensionHeader = 32;
    private const int Alignment = 8;

    private XtEntry(ReadOnlySpan<byte> bytes, int offset, int headerLength, int targetOffset)
    {
        Bytes = bytes;
        Offset = offset;
        HeaderLength = headerLength;
        TargetOffset = targetOffset;
    }

    /// <summary>All of it.</summary>
    internal ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Where it begins in its table.</summary>
    internal int Offset { get; }

    /// <summary>Where its matches begin.</summary>
    internal int HeaderLength { get; }

    /// <summary>Where its target begins.</summary>
    internal int TargetOffset { get; }

    /// <summary>Where the next one begins in the table.</summary>
    internal int Next => Offset + Bytes.Length;

    /// <summary>The matches, one behind the other.</summary>
    internal ReadOnlySpan<byte> Matches => Bytes[HeaderLength..TargetOffset];

    /// <summary>The name of the target; empty for a verdict or a jump.</summary>
    internal string TargetName => NameOf(Bytes[(TargetOffset + 2)..]);

    /// <summary>The target's revision.</summary>
    internal byte TargetRevision => Bytes[TargetOffset + ExtensionHeader - 1];

    /// <summary>The target's structure.</summary>
    internal ReadOnlySpan<byte> Target => Bytes.Slice(TargetOffset + ExtensionHeader, BitConverter.ToUInt16(Bytes[TargetOffset..]) - ExtensionHeader);

    /// <summary>For a target without a name the verdict, as the kernel writes it; null for any other.</summary>
    internal int? Verdict => TargetName.Length == 0 && Target.Length >= sizeof(int) ? BitConverter.ToInt32(Target) : null;

    /// <summary>For the head of a user's chain its name; null for any other entry.</summary>
    internal string? ChainName
    {
        get
        {
            if (TargetName != "ERROR")
            {
                return null;
            }

            ReadOnlySpan<byte> name = Target;
            int end = name.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        }
    }

    /// <summary>Whether it asks for nothing, so that every packet is meant.</summary>
    internal bool IsUnconditional => Matches.IsEmpty && !Bytes[..(HeaderLength == EntryHeader.LengthV4 ? EntryHeader.MatchedV4 : EntryHeader.MatchedV6)].ContainsAnyExcept((byte)0);

    /// <summary>Reads the entry at an offset; false where it is malformed, or does not lie inside of the table.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> table, int offset, TableFamily family, out XtEntry entry)
    {
        entry = default;
        int header = family == TableFamily.Ip ? EntryHeader.LengthV4 : EntryHeader.LengthV6;
        int offsets = family == TableFamily.Ip ? EntryHeader.OffsetsV4 : EntryHeader.OffsetsV6;
        if (offset < 0 || offset % Alignment != 0 || table.Length - offset < header + ExtensionHeader)
        {
            return false;
        }

        int target = BitConverter.ToUInt16(table[(offset + offsets)..]);
        int next = BitConverter.ToUInt16(table[(offset + offsets + 2)..]);
        if (target < header || target % Alignment != 0 || next % Alignment != 0 || next > table.Length - offset || next < target + ExtensionHeader)
        {
            return false;
        }

        int size = BitConverter.ToUInt16(table[(offset + target)..]);
        if (size < ExtensionHeader || size > next - target)
        {
            return false;
        }

        entry = new XtEntry(table.Slice(offset, next), offset, header, target);
        return true;
    }

    /// <summary>The name in a match or target, from behind its size.</summary>
    internal static string NameOf(ReadOnlySpan<byte> behindSize)
    {
        ReadOnlySpan<byte> name = behindSize[..NameLength];
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }
}
