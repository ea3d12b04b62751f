using System;
using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft;

/// <content>The expressions that do something with the packet.</content>
internal sealed partial class RuleDecoder
{
    private const uint MapsAddresses = 0x40; // NF_NAT_RANGE_NETMAP of linux/netfilter/nf_nat.h
    private const uint KnownNatFlags = 0x7f; // NF_NAT_RANGE_MASK

    /// <summary>enum nft_immediate_attributes: DREG 1, DATA 2.</summary>
    private bool Immediate(ReadOnlySpan<byte> data)
    {
        NftAttributes immediate = new(data, 2);
        return immediate.IsWhole && (immediate.Number(1) == RegisterFile.Verdict
            ? verdicts.In(immediate.Bytes(2)) is RuleVerdict verdict && Add(new VerdictStep(verdict))
            : immediate.Value(2).Length is >= 1 and <= NftSet.LongestValue && _registers.Store(immediate.Number(1), new ConstantRegister(immediate.Value(2).ToArray())));
    }

    /// <summary>enum nft_reject_attributes: TYPE 1, ICMP_CODE 2.</summary>
    private bool Reject(ReadOnlySpan<byte> data) =>
        new NftAttributes(data, 2).IsWhole && Add(new VerdictStep(new RuleVerdict(VerdictKind.Reject)));

    /// <summary>enum nft_queue_attributes: NUM 1, TOTAL 2, FLAGS 3, SREG_QNUM 4.</summary>
    private bool Queue(ReadOnlySpan<byte> data) =>
        new NftAttributes(data, 4).IsWhole && Add(new VerdictStep(new RuleVerdict(VerdictKind.Queue)));

    /// <summary>enum nft_log_attributes: GROUP 1, PREFIX 2, SNAPLEN 3, QTHRESHOLD 4, LEVEL 5, FLAGS 6.</summary>
    private bool Log(ReadOnlySpan<byte> data)
    {
        NftAttributes log = new(data, NftSlots.Count - 1);
        return Remark(log.Has(2) ? $"log prefix \"{log.Text(2)}\"" : "log");
    }

    /// <summary>enum nft_nat_attributes: TYPE 1, FAMILY 2, REG_ADDR_MIN 3, REG_ADDR_MAX 4, REG_PROTO_MIN 5, REG_PROTO_MAX 6, FLAGS 7.</summary>
    private bool Translate(ReadOnlySpan<byte> data)
    {
        NftAttributes nat = new(data, 7);
        uint flags = nat.Number(7) ?? 0;
        int? length = nat.Number(2) switch { 2 => 4, 10 => 16, _ => null };
        TranslationKind? kind = nat.Number(1) switch { 0 => TranslationKind.Source, 1 => TranslationKind.Destination, _ => null };
        if (!nat.IsWhole || (flags & ~KnownNatFlags) != 0 || length is not int bytes || kind is not TranslationKind sort)
        {
            return false;
        }

        ValueSource? address = !nat.Has(3) ? null : Source(nat.Number(3), nat.Number(4), bytes, false, "an address that can't be told");
        ValueSource? port = Port(nat.Number(5), nat.Number(6));
        if ((flags & MapsAddresses) != 0 && address is not null)
        {
            address = address is ConstantValue prefix ? Mapped(prefix, sort == TranslationKind.Source) : new UnknownValue("an address with another prefix");
        }

        return Add(new TranslateStep(sort, address, port));
    }

    /// <summary>The prefix is exchanged and the rest of the address stays: what differs between first and last are the bits of the rest (nf_nat_netmap).</summary>
    private static ComputedValue Mapped(ConstantValue prefix, bool isSource)
    {
        byte[] mask = new byte[prefix.First.Length];
        byte[] xor = new byte[prefix.First.Length];
        for (int at = 0; at < mask.Length; at++)
        {
            mask[at] = (byte)(prefix.First[at] ^ prefix.Last[at]);
            xor[at] = (byte)(prefix.First[at] & ~mask[at]);
        }

        int source = mask.Length == 4 ? 12 : 8; // struct iphdr, struct ipv6hdr
        return new ComputedValue(new Operand(Steps.Network(isSource ? source : source + mask.Length, mask.Length), [.. mask], [.. xor]));
    }

    private ValueSource? Port(uint? least, uint? most) => least is null ? null : Source(least, most, 2, false, "a port that can't be told");

    /// <summary>enum nft_masq_attributes: FLAGS 1, REG_PROTO_MIN 2, REG_PROTO_MAX 3.</summary>
    private bool Masquerade(ReadOnlySpan<byte> data)
    {
        NftAttributes masquerade = new(data, 3);
        return masquerade.IsWhole && Add(new TranslateStep(TranslationKind.Masquerade, null, Port(masquerade.Number(2), masquerade.Number(3))));
    }

    /// <summary>enum nft_redir_attributes: REG_PROTO_MIN 1, REG_PROTO_MAX 2, FLAGS 3.</summary>
    private bool Redirect(ReadOnlySpan<byte> data)
    {
        NftAttributes redirect = new(data, 3);
        return redirect.IsWhole && Add(new TranslateStep(TranslationKind.Redirect, null, Port(redirect.Number(1), redirect.Number(2))));
    }

    /// <summary>enum nft_tproxy_attributes: FAMILY 1, REG_ADDR 2, REG_PORT 3.</summary>
    private bool Proxy(ReadOnlySpan<byte> data)
    {
        NftAttributes proxy = new(data, 3);
        if (!proxy.IsWhole || _proxy is not null)
        {
            return false;
        }

        int length = proxy.Number(1) == 10 ? 16 : 4;
        ValueSource? address = proxy.Has(2) ? Source(proxy.Number(2), null, length, false, "an address that can't be told") : null;
        _proxy = new TranslateStep(TranslationKind.TransparentProxy, address, Port(proxy.Number(3), null));
        return Chance("tproxy: a socket that takes it", false);
    }

    /// <summary>Answers the SYN of a TCP connection itself (nft_synproxy_do_eval); what is not TCP ends the rule.</summary>
    private bool Synproxy() =>
        Add(Steps.Match(Steps.Meta("l4proto", 1), [6])) && Add(new VerdictStep(new RuleVerdict(VerdictKind.Stolen)));

    /// <summary>
    /// enum nft_dynset_attributes: SET_NAME 1, SET_ID 2, OP 3 (add, update, delete), SREG_KEY 4, SREG_DATA 5, TIMEOUT 6, EXPR 7, PAD 8, FLAGS 9
    /// (1: inverted, 2: several expressions), EXPRESSIONS 10. A set that is full ends the rule, too (nft_dynset_eval).
    /// </summary>
    private bool DynamicSet(ReadOnlySpan<byte> data)
    {
        NftAttributes dynamic = new(data, 10);
        uint flags = dynamic.Number(9) ?? 0;
        if (!dynamic.IsWhole || (flags & ~3u) != 0 || dynamic.Number(3) is not (uint operation and <= 2))
        {
            return false;
        }

        string name = dynamic.Text(1);
        if (table.SetsByName.GetValueOrDefault(name) is NftSet set)
        {
            set.IsChangedByRules = true;
        }

        string verb = operation switch { 0 => "add", 1 => "update", _ => "delete" };
        bool isLimited = NftElements.MayEnd(dynamic.Bytes(7), false) || NftElements.MayEnd(dynamic.Bytes(10), true);
        return operation == 2 && (flags & 1) == 0
            ? Remark($"delete @{name}")
            : Chance($"{verb} @{name}{((flags & 1) != 0 ? " inverted" : isLimited ? " with a limit" : ": room in the set")}", false);
    }

    /// <summary>enum nft_objref_attributes: IMM_TYPE 1, IMM_NAME 2, SET_SREG 3, SET_NAME 4, SET_ID 5.</summary>
    private bool ObjectReference(ReadOnlySpan<byte> data)
    {
        NftAttributes reference = new(data, 5);
        if (!reference.IsWhole || !reference.Has(4))
        {
            return reference.IsWhole && Object(reference.Number(1) ?? 0, "\"" + reference.Text(2) + "\"");
        }

        return table.SetsByName.GetValueOrDefault(reference.Text(4)) is NftSet set
            && _registers.Read(reference.Number(3), set.KeyLength) is List<RegisterPart> parts
            && (Unknown(parts, "in map " + set.Name) || (Key(parts, set) is { } key && Add(new LookupStep(key, set.Name, false))))
            && Object(set.ObjectType, "of map " + set.Name);
    }

    /// <summary>NFT_OBJECT_ numbers.</summary>
    private bool Object(uint type, string name) => type switch
    {
        1 => Remark("counter name " + name),
        2 => Chance("quota name " + name, false),
        3 => Remark("ct helper set " + name),
        4 => Chance("limit name " + name, false),
        5 => Chance("ct count name " + name, false),
        7 => Remark("ct timeout set " + name),
        8 => Remark("meta secmark set " + name),
        9 => Remark("ct expectation set " + name),
        10 => Synproxy(),
        _ => false,
    };

    /// <summary>enum nft_limit_attributes: RATE 1, UNIT 2 (seconds), BURST 3, TYPE 4 (packets, bytes), FLAGS 5 (1: over).</summary>
    private bool Limit(ReadOnlySpan<byte> data)
    {
        NftAttributes limit = new(data, 6);
        string unit = limit.Long(2) switch { 1 => "second", 60 => "minute", 3600 => "hour", 86400 => "day", 604800 => "week", ulong other => string.Create(CultureInfo.InvariantCulture, $"{other} s"), null => "?" };
        string over = ((limit.Number(5) ?? 0) & 1) != 0 ? "over " : "";
        string bytes = limit.Number(4) == 1 ? " bytes" : "";
        string burst = limit.Number(3) is uint packets and not 0 ? string.Create(CultureInfo.InvariantCulture, $" burst {packets}{(bytes.Length > 0 ? bytes : " packets")}") : "";
        return limit.IsWhole && Chance(string.Create(CultureInfo.InvariantCulture, $"limit rate {over}{limit.Long(1) ?? 0}{bytes}/{unit}{burst}"), false);
    }

    /// <summary>enum nft_connlimit_attributes: COUNT 1, FLAGS 2 (1: over).</summary>
    private bool ConnectionLimit(ReadOnlySpan<byte> data)
    {
        NftAttributes limit = new(data, 2);
        string over = ((limit.Number(2) ?? 0) & 1) != 0 ? "over " : "";
        return limit.IsWhole && Chance(string.Create(CultureInfo.InvariantCulture, $"ct count {over}{limit.Number(1) ?? 0}"), false);
    }

    /// <summary>enum nft_quota_attributes: BYTES 1, FLAGS 2 (1: over), PAD 3, CONSUMED 4.</summary>
    private bool Quota(ReadOnlySpan<byte> data)
    {
        NftAttributes quota = new(data, 4);
        string over = ((quota.Number(2) ?? 0) & 1) != 0 ? "over " : "";
        return quota.IsWhole && Chance(string.Create(CultureInfo.InvariantCulture, $"quota {over}{quota.Long(1) ?? 0} bytes"), false);
    }
}
