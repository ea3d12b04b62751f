using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft.Xt;

/// <summary>Decodes matches (linux/netfilter/xt_*.h); what a structure means is in the kernel's module of the same name.</summary>
internal static partial class XtMatches
{
    /// <summary>Adds the steps of a match; false where it is not known, or not exactly.</summary>
    internal static bool Decode(ref XtReader match) => (match.Name, match.Revision) switch
    {
        ("conntrack", >= 1 and <= 3) => Connection(ref match),
        ("state", 0) => State(ref match),
        ("multiport", 0 or 1) => Ports(ref match),
        ("addrtype", 0 or 1) => AddressType(ref match),
        ("icmp", 0) => Icmp(ref match, any: 0xff),
        ("icmp6", 0) => Icmp(ref match, any: null),
        ("iprange", 1) => AddressRange(ref match),
        ("tcp", 0) => Tcp(ref match),
        ("udp", 0) => Udp(ref match),
        ("mark", 1) => Mark(ref match, Steps.Meta("mark", 4)),
        ("connmark", 1) => Mark(ref match, Steps.Connection("mark", 4)),
        ("mac", 0) => Mac(ref match),
        ("pkttype", 0) => PacketType(ref match),
        ("comment", 0) => Comment(ref match),
        ("ttl", 0) when match.Family == TableFamily.Ip => HopLimit(ref match, Steps.Network(8, 1)),
        ("hl", 0) when match.IsV6 => HopLimit(ref match, Steps.Network(7, 1)),
        ("rt", 0) when match.IsV6 => RoutingHeader(ref match),
        _ => Chance(ref match),
    };

    /// <summary>What depends on more than the packet.</summary>
    private static bool Chance(ref XtReader match) => (match.Name, match.Revision) switch
    {
        ("limit", 0) => Limit(ref match),
        ("set", >= 1 and <= 4) => Set(ref match),
        ("statistic" or "recent" or "hashlimit" or "connlimit" or "time" or "quota", _) => match.Add(new ChanceStep("xt " + match.Name, false)),
        _ => false,
    };

    /// <summary>struct xt_multiport_v1: u8 flags (source, destination, either), u8 count, u16 ports[15], u8 follows[15], u8 invert; revision 0 ends with the ports.</summary>
    private static bool Ports(ref XtReader match)
    {
        const int Most = 15;
        bool hasRanges = match.Revision == 1;
        if (!match.Has(hasRanges ? 48 : 32) || match.U8(1) > Most || match.U8(0) > 2)
        {
            return false;
        }

        ByteRange[] ranges = new ByteRange[match.U8(1)];
        int count = 0;
        for (int at = 0; at < match.U8(1); at++)
        {
            int first = match.U16(2 + (2 * at));
            bool isRange = hasRanges && match.U8(32 + at) != 0 && at + 1 < Most;
            int last = isRange ? match.U16(2 + (2 * ++at)) : first;
            ranges[count++] = new ByteRange(Steps.U16(first), Steps.U16(last));
        }

        bool negated = hasRanges && match.U8(47) != 0;
        MatchStep source = new(new Operand(Steps.Transport(0, 2)), [.. ranges[..count]], negated);
        MatchStep destination = source with { Operand = new Operand(Steps.Transport(2, 2)) };
        if (match.U8(0) == 2 && !negated)
        {
            match.Alternative = source;
            return match.Add(destination);
        }

        return (match.U8(0) == 1 || match.Add(source)) && (match.U8(0) == 0 || match.Add(destination));
    }

    /// <summary>struct ipt_icmp and ip6t_icmp: u8 type, u8 code[2], u8 inverted.</summary>
    private static bool Icmp(ref XtReader match, byte? any)
    {
        if (!match.Has(4) || match.U8(3) > 1)
        {
            return false;
        }

        bool negated = match.U8(3) == 1;
        byte type = match.U8(0);
        if (type == any)
        {
            return !negated || match.Add(new MatchStep(new Operand(Steps.Transport(0, 1)), [], false));
        }

        return (match.U8(1), match.U8(2)) == (0, 0xff)
            ? match.Add(Steps.Match(Steps.Transport(0, 1), [type], negated))
            : match.Add(Steps.Match(Steps.Transport(0, 2), [type, match.U8(1)], [type, match.U8(2)], negated));
    }

    /// <summary>struct xt_iprange_mtinfo: four addresses of 16 bytes, u8 flags (1 source, 2 destination, 16 and 32: not).</summary>
    private static bool AddressRange(ref XtReader match)
    {
        int length = match.AddressLength;
        if (!match.Has(68) || length == 0 || (match.U8(64) & ~0x33) != 0)
        {
            return false;
        }

        byte flags = match.U8(64);
        int source = length == 4 ? 12 : 8;
        if ((flags & 1) != 0)
        {
            match.Add(Steps.Match(Steps.Network(source, length), [.. match.Bytes(0, length)], [.. match.Bytes(16, length)], (flags & 0x10) != 0));
        }

        return (flags & 2) == 0
            || match.Add(Steps.Match(Steps.Network(source + length, length), [.. match.Bytes(32, length)], [.. match.Bytes(48, length)], (flags & 0x20) != 0));
    }

    /// <summary>struct xt_tcp: u16 source[2], u16 destination[2], u8 option, u8 flags' mask, u8 flags, u8 inverted (1, 2, 4 flags, 8 option).</summary>
    private static bool Tcp(ref XtReader match)
    {
        if (!match.Has(12) || match.U8(11) > 0xf)
        {
            return false;
        }

        byte inverted = match.U8(11);
        Range(ref match, 0, Steps.Transport(0, 2), (inverted & 1) != 0);
        Range(ref match, 4, Steps.Transport(2, 2), (inverted & 2) != 0);
        if (match.U8(9) != 0 || match.U8(10) != 0 || (inverted & 4) != 0)
        {
            match.Add(Steps.Masked(Steps.Transport(13, 1), [match.U8(9)], [match.U8(10)], (inverted & 4) != 0));
        }

        return match.U8(8) == 0 || match.Add(Steps.Match(
            Steps.Other(string.Create(CultureInfo.InvariantCulture, $"tcp option {match.U8(8)} exists"), 1), [1], (inverted & 8) != 0));
    }

    /// <summary>struct xt_udp: u16 source[2], u16 destination[2], u8 inverted (1, 2).</summary>
    private static bool Udp(ref XtReader match)
    {
        if (!match.Has(10) || match.U8(8) > 3)
        {
            return false;
        }

        Range(ref match, 0, Steps.Transport(0, 2), (match.U8(8) & 1) != 0);
        Range(ref match, 4, Steps.Transport(2, 2), (match.U8(8) & 2) != 0);
        return true;
    }

    /// <summary>A range of ports; none for all of them.</summary>
    private static void Range(ref XtReader match, int at, PacketField field, bool negated)
    {
        if (match.U16(at) != 0 || match.U16(at + 2) != ushort.MaxValue || negated)
        {
            match.Add(Steps.Match(field, Steps.U16(match.U16(at)), Steps.U16(match.U16(at + 2)), negated));
        }
    }

    /// <summary>struct xt_mark_mtinfo1 and xt_connmark_mtinfo1: u32 mark, u32 mask, u8 inverted.</summary>
    private static bool Mark(ref XtReader match, PacketField field) =>
        match.Has(12) && match.Add(Steps.Masked(field, Steps.U32(match.U32(4)), Steps.U32(match.U32(0)), match.U8(8) != 0));

    /// <summary>struct xt_mac_info: u8 source[6], int inverted.</summary>
    private static bool Mac(ref XtReader match) =>
        match.Has(12) && match.Add(Steps.Match(Steps.Link(6, 6), [.. match.Bytes(0, 6)], match.U32(8) != 0));

    /// <summary>struct xt_pkttype_info: int type, int inverted.</summary>
    private static bool PacketType(ref XtReader match) =>
        match.Has(8) && match.U32(0) <= byte.MaxValue && match.Add(Steps.Match(Steps.Meta("pkttype", 1), [(byte)match.U32(0)], match.U32(4) != 0));

    /// <summary>struct xt_comment_info: char comment[256].</summary>
    private static bool Comment(ref XtReader match)
    {
        match.Comment = match.Has(256) ? match.Text(0, 256) : null;
        return match.Has(256);
    }

    /// <summary>struct ipt_ttl_info and ip6t_hl_info: u8 mode (equal, not equal, less, greater), u8 value.</summary>
    private static bool HopLimit(ref XtReader match, PacketField field)
    {
        if (!match.Has(2))
        {
            return false;
        }

        byte value = match.U8(1);
        return match.U8(0) switch
        {
            0 => match.Add(Steps.Match(field, [value])),
            1 => match.Add(Steps.Match(field, [value], negated: true)),
            2 => match.Add(Steps.Match(field, [value], [0xff], negated: true)),
            3 => match.Add(Steps.Match(field, [0], [value], negated: true)),
            _ => false,
        };
    }

    /// <summary>struct ip6t_rt: u32 type, u32 segments[2], u32 length, u8 flags (1: type), u8 inverted, 16 addresses, u8 count. Only the type is looked at here.</summary>
    private static bool RoutingHeader(ref XtReader match) =>
        match.Has(276) && match.U8(16) == 1 && match.U8(17) <= 1 && match.U32(0) <= byte.MaxValue && (match.U32(4), match.U32(8)) == (0, uint.MaxValue)
        && match.Add(Steps.Match(Steps.Other("exthdr 43 byte 2", 1), [(byte)match.U32(0)], match.U8(17) == 1));

    /// <summary>struct xt_rateinfo: u32 average in ten thousandths of a second for a packet, u32 burst, and the kernel's own.</summary>
    private static bool Limit(ref XtReader match)
    {
        if (!match.Has(40) || match.U32(0) == 0)
        {
            return false;
        }

        (string Name, uint Scale)[] units = [("second", 10_000), ("minute", 600_000), ("hour", 36_000_000), ("day", 864_000_000)];
        uint average = match.U32(0);
        int unit = 0;
        while (unit < units.Length - 1 && units[unit].Scale / average == 0)
        {
            unit++;
        }

        return match.Add(new ChanceStep(string.Create(CultureInfo.InvariantCulture, $"limit rate {units[unit].Scale / average}/{units[unit].Name} burst {match.U32(4)} packets"), false));
    }
}
