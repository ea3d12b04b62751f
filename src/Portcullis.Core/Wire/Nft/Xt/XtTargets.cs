using System;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft.Xt;

/// <summary>Decodes targets (linux/netfilter/xt_*.h, nf_nat.h); what a structure means is in the kernel's module of the same name.</summary>
internal static class XtTargets
{
    private const uint HasAddress = 1 << 0; // NF_NAT_RANGE_MAP_IPS
    private const uint HasPort = 1 << 1; // NF_NAT_RANGE_PROTO_SPECIFIED
    private const uint Random = (1 << 2) | (1 << 3) | (1 << 4); // random, persistent, fully random

    /// <summary>Adds the steps of a target; false where it is not known, or not exactly.</summary>
    internal static bool Decode(ref XtReader target) => target.Name switch
    {
        "REJECT" => target.Add(new VerdictStep(new RuleVerdict(VerdictKind.Reject))),
        "DNAT" => Translate(ref target, TranslationKind.Destination),
        "SNAT" => Translate(ref target, TranslationKind.Source),
        "REDIRECT" => Translate(ref target, TranslationKind.Redirect),
        "MASQUERADE" => Translate(ref target, TranslationKind.Masquerade),
        "NFQUEUE" => target.Add(new VerdictStep(new RuleVerdict(VerdictKind.Queue))),
        "SYNPROXY" => target.Add(Steps.Match(Steps.Meta("l4proto", 1), [6])) && target.Add(new VerdictStep(new RuleVerdict(VerdictKind.Stolen))),
        "LOG" => Log(ref target, 2, 30),
        "NFLOG" => Log(ref target, 16, 64),
        "NOTRACK" => target.Add(new NotrackStep()),
        "CT" => Connection(ref target),
        "MARK" => Mark(ref target),
        "CONNMARK" => ConnectionMark(ref target),
        "SET" => Set(ref target),
        "TCPMSS" or "CHECKSUM" or "TRACE" or "AUDIT" or "CLASSIFY" or "LED" or "RATEEST" or "IDLETIMER" or "TEE" or "SECMARK" or "CONNSECMARK"
            => target.Add(new RemarkStep("xt target " + target.Name)),
        _ => false,
    };

    /// <summary>
    /// struct nf_nat_ipv4_multi_range_compat: u32 count, u32 flags, two addresses of 4 bytes, be16 port[2]; or struct nf_nat_range and nf_nat_range2:
    /// u32 flags, two addresses of 16 bytes, be16 port[2], and in the second one be16 base.
    /// </summary>
    private static bool Translate(ref XtReader target, TranslationKind kind)
    {
        bool isOld = target.Revision == 0 && target.Family == TableFamily.Ip;
        int length = target.AddressLength;
        if (length == 0 || !(isOld ? target.Has(20) && target.U32(0) == 1 : target.Has(40) || target.Has(44)))
        {
            return false;
        }

        (int flagsAt, int first, int second, int ports) = isOld ? (4, 8, 12, 16) : (0, 4, 20, 36);
        uint flags = target.U32(flagsAt);
        if ((flags & ~(HasAddress | HasPort | Random)) != 0)
        {
            return false;
        }

        ValueSource? address = (flags & HasAddress) == 0 || kind is TranslationKind.Redirect or TranslationKind.Masquerade ? null
            : Steps.Constant(target.Bytes(first, length), target.Bytes(second, length));
        ValueSource? port = (flags & HasPort) == 0 ? null : Steps.Constant(target.Bytes(ports, 2), target.Bytes(ports + 2, 2));
        return target.Add(new TranslateStep(kind, address, port));
    }

    private static bool Log(ref XtReader target, int at, int length)
    {
        string prefix = target.Has(at + length) ? target.Text(at, length) : "";
        return target.Add(new RemarkStep(prefix.Length == 0 ? "log" : $"log prefix \"{prefix}\""));
    }

    /// <summary>struct xt_ct_target_info: u16 flags (1, 2: notrack), u16 zone, u32 events[2], char helper[16] ...</summary>
    private static bool Connection(ref XtReader target)
    {
        const int Untracked = 3;
        const int Known = 0x1f;
        if (!target.Has(40) && !target.Has(72))
        {
            return false;
        }

        int flags = target.U16(0);
        return (flags & ~Known) == 0 && (
            (flags & Untracked) != 0 ? target.Add(new NotrackStep())
            : target.U16(2) != 0 || (flags & ~Untracked) != 0 ? target.Add(new AssignStep(Steps.Connection("zone", 2), new ConstantValue(Steps.U16(target.U16(2)), Steps.U16(target.U16(2)))))
            : target.Add(new RemarkStep("ct helper set \"" + target.Text(12, 16) + "\"")));
    }

    /// <summary>struct xt_mark_tginfo2: u32 mark, u32 mask; the mark becomes (mark and not mask) xor mark.</summary>
    private static bool Mark(ref XtReader target) =>
        target.Revision == 2 && target.Has(8) && target.Add(new AssignStep(Steps.Meta("mark", 4), Changed(Steps.Meta("mark", 4), target.U32(4), target.U32(0))));

    /// <summary>The value of a field with the bits of a mask cleared, and others turned over.</summary>
    private static ValueSource Changed(PacketField field, uint cleared, uint turned) => cleared == uint.MaxValue
        ? new ConstantValue(Steps.U32(turned), Steps.U32(turned))
        : new ComputedValue(new Operand(field, Steps.Mask(Steps.U32(~cleared)), Steps.U32(turned)));

    /// <summary>struct xt_connmark_tginfo1: u32 mark, u32 its mask, u32 the packet's mask, u8 mode (set, save, restore); revision 2 has u8 direction, u8 shift before the mode.</summary>
    private static bool ConnectionMark(ref XtReader target)
    {
        if (target.Revision is not (1 or 2) || !target.Has(target.Revision == 1 ? 13 : 15))
        {
            return false;
        }

        bool isShifted = target.Revision == 2 && target.U8(13) != 0;
        (PacketField packet, PacketField connection) = (Steps.Meta("mark", 4), Steps.Connection("mark", 4));
        (uint mark, uint mask, uint packetMask) = (target.U32(0), target.U32(4), target.U32(8));
        ValueSource unknown = new UnknownValue("the marks of packet and connection together");
        return target.U8(target.Revision == 1 ? 12 : 14) switch
        {
            0 => target.Add(new AssignStep(connection, isShifted ? unknown : Changed(connection, mask, mark))),
            1 => target.Add(new AssignStep(connection, isShifted || mask != uint.MaxValue ? unknown : new ComputedValue(new Operand(packet, Steps.Mask(Steps.U32(packetMask)), [])))),
            2 => target.Add(new AssignStep(packet, isShifted || packetMask != uint.MaxValue ? unknown : new ComputedValue(new Operand(connection, Steps.Mask(Steps.U32(mask)), [])))),
            _ => false,
        };
    }

    /// <summary>
    /// struct xt_set_info_target_v1 to v3: sets to add to and to delete from, each a u16 number, u8 dimensions, u8 flags; the third one has one that gives
    /// the packet a mark.
    /// </summary>
    private static bool Set(ref XtReader target)
    {
        const ushort None = 65535; // IPSET_INVALID_ID
        target.Add(new RemarkStep("xt target SET"));
        if (target.Revision is not (>= 1 and <= 3) || !target.Has(target.Revision switch { 1 => 8, 2 => 16, _ => 20 }))
        {
            return false;
        }

        foreach (int at in (ReadOnlySpan<int>)[0, 4])
        {
            if (target.U16(at) != None)
            {
                target.Ipsets?.Fill(target.U16(at));
            }
        }

        return target.Revision < 3 || target.U16(8) == None || target.Add(new AssignStep(Steps.Meta("mark", 4), new UnknownValue("a mark out of an ipset")));
    }
}
