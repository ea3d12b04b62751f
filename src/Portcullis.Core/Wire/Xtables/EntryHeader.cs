using System;
using System.Collections.Generic;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>What every rule can ask for by itself: interfaces, addresses, protocol.</summary>
/// <remarks>
/// struct ipt_ip: source, destination and their masks of 4 bytes each, two interface names and their masks of 16 bytes each, u16 protocol, u8 flags,
/// u8 inverted. struct ip6t_ip6: addresses of 16 bytes, and u8 tos behind the protocol. What they mean: ip_packet_match in
/// net/ipv4/netfilter/ip_tables.c, ip6_packet_match in its sister.
/// </remarks>
internal static class EntryHeader
{
    internal const int LengthV4 = 112;
    internal const int MatchedV4 = 84;
    internal const int OffsetsV4 = 88;
    internal const int LengthV6 = 168;
    internal const int MatchedV6 = 136;
    internal const int OffsetsV6 = 140;

    private const int NameLength = 16; // IFNAMSIZ
    private const byte Fragment = 0x01; // IPT_F_FRAG
    private const byte GotoV4 = 0x02; // IPT_F_GOTO
    private const byte HasProtocolV6 = 0x01; // IP6T_F_PROTO
    private const byte GotoV6 = 0x04; // IP6T_F_GOTO

    // IPT_INV_ and IP6T_INV_ agree.
    private const byte NotIn = 0x01;
    private const byte NotOut = 0x02;
    private const byte NotSource = 0x08;
    private const byte NotDestination = 0x10;
    private const byte NotFragment = 0x20;
    private const byte NotProtocol = 0x40;

    /// <summary>Whether a jump does not come back.</summary>
    internal static bool IsGoto(ReadOnlySpan<byte> entry, TableFamily family) =>
        family == TableFamily.Ip ? (entry[82] & GotoV4) != 0 : (entry[131] & GotoV6) != 0;

    /// <summary>Adds the steps.</summary>
    internal static void Decode(ReadOnlySpan<byte> entry, TableFamily family, List<RuleStep> steps)
    {
        bool isV4 = family == TableFamily.Ip;
        int address = isV4 ? 4 : 16;
        int names = 4 * address;
        byte flags = entry[isV4 ? 82 : 131];
        byte inverted = entry[isV4 ? 83 : 132];
        byte known = isV4 ? (byte)(Fragment | GotoV4) : (byte)(HasProtocolV6 | GotoV6);
        const byte KnownInverted = NotIn | NotOut | NotSource | NotDestination | NotFragment | NotProtocol;
        if ((flags & ~known) != 0 || (inverted & ~(isV4 ? KnownInverted : KnownInverted & ~NotFragment)) != 0)
        {
            steps.Add(new OpaqueStep("a flag of a rule that is not known"));
        }

        int source = isV4 ? 12 : 8; // in struct iphdr, struct ipv6hdr
        Address(entry[..address], entry.Slice(2 * address, address), source, (inverted & NotSource) != 0, steps);
        Address(entry.Slice(address, address), entry.Slice(3 * address, address), source + address, (inverted & NotDestination) != 0, steps);
        Name(entry.Slice(names, NameLength), entry.Slice(names + (2 * NameLength), NameLength), "iifname", (inverted & NotIn) != 0, steps);
        Name(entry.Slice(names + NameLength, NameLength), entry.Slice(names + (3 * NameLength), NameLength), "oifname", (inverted & NotOut) != 0, steps);
        Protocol(BitConverter.ToUInt16(entry[(names + (4 * NameLength))..]), isV4 || (flags & HasProtocolV6) != 0, isV4, (inverted & NotProtocol) != 0, steps);
        if (isV4 && (flags & Fragment) != 0)
        {
            steps.Add(Steps.Masked(Steps.Network(6, 2), Steps.U16(0x1fff), Steps.U16(0), (inverted & NotFragment) == 0)); // behind the first of its packet
        }
    }

    private static void Address(ReadOnlySpan<byte> address, ReadOnlySpan<byte> mask, int offset, bool negated, List<RuleStep> steps)
    {
        if (mask.ContainsAnyExcept((byte)0) || address.ContainsAnyExcept((byte)0) || negated)
        {
            steps.Add(Steps.Masked(Steps.Network(offset, address.Length), [.. mask], [.. address], negated));
        }
    }

    /// <summary>The mask has all bits of the bytes that are compared: the name with its final zero, or without it for "eth+", whose plus stands behind them.</summary>
    private static void Name(ReadOnlySpan<byte> name, ReadOnlySpan<byte> mask, string field, bool negated, List<RuleStep> steps)
    {
        PacketField meta = Steps.Meta(field, NameLength);
        int length = mask.IndexOfAnyExcept((byte)0xff);
        length = length < 0 ? NameLength : length;
        if (mask[length..].ContainsAnyExcept((byte)0))
        {
            steps.Add(new OpaqueStep($"{field} in a form that is not known"));
        }
        else if (length == 0)
        {
            if (negated)
            {
                steps.Add(new MatchStep(new Operand(meta), [], false)); // no name is none of all names
            }
        }
        else
        {
            // Behind the final zero of an interface's name there are only more of them.
            byte[] value = new byte[name[length - 1] == 0 ? NameLength : length];
            name[..length].CopyTo(value);
            steps.Add(Steps.Match(meta, [.. value], negated));
        }
    }

    private static void Protocol(int protocol, bool isAsked, bool isV4, bool negated, List<RuleStep> steps)
    {
        if (!isAsked || (isV4 && protocol == 0))
        {
            return;
        }

        steps.Add(protocol is 0 or > byte.MaxValue ? new OpaqueStep("a protocol that is not known") : Steps.Match(Steps.Meta("l4proto", 1), [(byte)protocol], negated));
    }
}
