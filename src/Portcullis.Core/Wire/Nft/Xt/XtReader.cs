using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;

namespace Portcullis.Core.Wire.Nft.Xt;

/// <summary>
/// The structure of one match or target of xtables, as the kernel has it, and the steps that are made of it. Numbers are in the machine's byte order,
/// but for addresses and where the header says be16. The kernel pads structures to eight bytes (XT_ALIGN).
/// </summary>
internal ref struct XtReader
{
    private readonly ReadOnlySpan<byte> _info;

    /// <summary>Starts with a structure.</summary>
    /// <param name="name">The name of the match or target.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="info">The structure.</param>
    /// <param name="family">The family of the table.</param>
    /// <param name="ipsets">The sets that it may name; null where they are not known.</param>
    internal XtReader(string name, uint revision, ReadOnlySpan<byte> info, TableFamily family, Ipsets? ipsets)
    {
        Ipsets = ipsets;
        Name = name;
        Revision = revision;
        _info = info;
        Family = family;
    }

    internal string Name { get; }

    internal uint Revision { get; }

    internal TableFamily Family { get; }

    internal Ipsets? Ipsets { get; }

    internal List<RuleStep> Steps { get; } = [];

    /// <summary>What may hold in the place of the last step; null for nothing.</summary>
    internal RuleStep? Alternative { get; set; }

    internal string? Comment { get; set; }

    internal readonly bool IsV6 => Family == TableFamily.Ip6;

    /// <summary>The length of an address of the table's family; 0 where it has none of its own.</summary>
    internal readonly int AddressLength => Family switch { TableFamily.Ip => 4, TableFamily.Ip6 => 16, _ => 0 };

    /// <summary>Whether the structure has that many bytes, and not more than alignment explains.</summary>
    internal readonly bool Has(int length) => _info.Length >= length && _info.Length < length + 8;

    internal readonly byte U8(int at) => _info[at];

    internal readonly ushort U16(int at) => BitConverter.ToUInt16(_info[at..]);

    internal readonly ushort Be16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_info[at..]);

    internal readonly uint U32(int at) => BitConverter.ToUInt32(_info[at..]);

    internal readonly ReadOnlySpan<byte> Bytes(int at, int length) => _info.Slice(at, length);

    /// <summary>A text, which ends at its first zero.</summary>
    internal readonly string Text(int at, int length)
    {
        ReadOnlySpan<byte> all = Bytes(at, length);
        int end = all.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? all : all[..end]);
    }

    internal readonly bool Add(RuleStep step)
    {
        Steps.Add(step);
        return true;
    }
}
