using System;
using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft;

/// <content>The expressions that put something into a register, or take it out to write it somewhere.</content>
internal sealed partial class RuleDecoder
{
    private const uint FarthestOffset = 1 << 16;

    /// <summary>enum nft_payload_attributes: DREG 1, BASE 2, OFFSET 3, LEN 4, SREG 5, CSUM_TYPE 6, CSUM_OFFSET 7, CSUM_FLAGS 8.</summary>
    private bool Payload(ReadOnlySpan<byte> data)
    {
        NftAttributes payload = new(data, 8);
        if (!payload.IsWhole || payload.Number(3) is not (uint offset and < FarthestOffset) || payload.Number(4) is not (uint length and >= 1 and <= NftSet.LongestValue))
        {
            return false;
        }

        PacketField? field = payload.Number(2) switch
        {
            0 => Steps.Link((int)offset, (int)length),
            1 => Steps.Network((int)offset, (int)length),
            2 => Steps.Transport((int)offset, (int)length),
            3 => Steps.Other(string.Create(CultureInfo.InvariantCulture, $"inner header byte {offset}"), (int)length),
            _ => null,
        };
        return field is not null && (payload.Has(5) ? Assign(field, false, payload.Number(5)) : Load(payload.Number(1), field, false));
    }

    /// <summary>enum nft_meta_attributes: DREG 1, KEY 2, SREG 3.</summary>
    private bool Meta(ReadOnlySpan<byte> data)
    {
        NftAttributes meta = new(data, 3);
        if (!meta.IsWhole || meta.Number(2) is not uint key || KernelFields.Meta(key) is not KernelField field)
        {
            return false;
        }

        // What changes from one packet to the next is no property of a packet.
        return meta.Has(3) ? Assign(Steps.Meta(field.Name, field.Length), field.IsHostOrder, meta.Number(3))
            : field.Name is "random" ? _registers.Store(meta.Number(1), new UnknownRegister("meta random", false, field.Length))
            : field.Name is "time" or "day" or "hour" ? _registers.Store(meta.Number(1), new UnknownRegister("meta " + field.Name, true, field.Length))
            : Load(meta.Number(1), Steps.Meta(field.Name, field.Length), field.IsHostOrder);
    }

    /// <summary>enum nft_ct_attributes: DREG 1, KEY 2, DIRECTION 3, SREG 4.</summary>
    private bool Connection(ReadOnlySpan<byte> data)
    {
        NftAttributes connection = new(data, 4);
        if (!connection.IsWhole || connection.Number(2) is not uint key || KernelFields.Connection(key) is not KernelField field)
        {
            return false;
        }

        string? direction = connection.Number(3) switch { null => "", 0 => "original ", 1 => "reply ", _ => null };
        int length = field.Name is "saddr" or "daddr" && table.Family == TableFamily.Ip ? 4 : field.Length;
        PacketField named = Steps.Connection(direction + field.Name, length);
        return direction is not null && (connection.Has(4) ? Assign(named, field.IsHostOrder, connection.Number(4)) : Load(connection.Number(1), named, field.IsHostOrder));
    }

    /// <summary>enum nft_fib_attributes: DREG 1, RESULT 2, FLAGS 3. Spelled as nft(8) does: "saddr . iif oif".</summary>
    private bool Fib(ReadOnlySpan<byte> data)
    {
        const uint Present = 0x20;
        const uint Known = 0x3f;
        NftAttributes fib = new(data, 3);
        uint flags = fib.Number(3) ?? 0;
        if (!fib.IsWhole || (flags & ~Known) != 0)
        {
            return false;
        }

        List<string> keys = [];
        string[] names = ["saddr", "daddr", "mark", "iif", "oif"];
        for (int bit = 0; bit < names.Length; bit++)
        {
            if ((flags & (1u << bit)) != 0)
            {
                keys.Add(names[bit]);
            }
        }

        string key = string.Join(" . ", keys);
        return ((flags & Present) != 0, fib.Number(2)) switch
        {
            (true, 1 or 2) => Load(fib.Number(1), Steps.Route(key + " check", 1), false),
            (false, 1) => Load(fib.Number(1), Steps.Route(key + " oif", 4), true),
            (false, 2) => Load(fib.Number(1), Steps.Route(key + " oifname", 16), false),
            (false, 3) => Load(fib.Number(1), Steps.Route(key + " type", 4), true),
            _ => false,
        };
    }

    /// <summary>enum nft_exthdr_attributes: DREG 1, TYPE 2, OFFSET 3, LEN 4, FLAGS 5, OP 6, SREG 7.</summary>
    private bool ExtensionHeader(ReadOnlySpan<byte> data)
    {
        NftAttributes header = new(data, 7);
        string? kind = (header.Number(6) ?? 0) switch { 0 => "exthdr", 1 => "tcp option", 2 => "ip option", 3 => "sctp chunk", 4 => "dccp option", _ => null };
        uint flags = header.Number(5) ?? 0;
        if (!header.IsWhole || kind is null || flags > 1 || header.Number(2) is not uint type)
        {
            return false;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{kind} {type}");
        if (flags == 1)
        {
            return Load(header.Number(1), Steps.Other(name + " exists", 1), false);
        }

        if (header.Number(4) is not (uint length and >= 1 and <= NftSet.LongestValue))
        {
            // Without a length it can only be "reset tcp option", which takes the option out of the packet.
            return header.Number(4) is null or 0 && !header.Has(1) && Remark("reset " + name);
        }

        PacketField field = Steps.Other(string.Create(CultureInfo.InvariantCulture, $"{name} byte {header.Number(3) ?? 0}"), (int)length);

        // A packet without the option ends the rule (nft_exthdr_tcp_set_eval).
        return header.Has(7) ? Chance(name + " exists", true) && Assign(field, false, header.Number(7)) : Load(header.Number(1), field, false);
    }

    /// <summary>enum nft_rt_attributes: DREG 1, KEY 2; enum nft_rt_keys.</summary>
    private bool Routing(ReadOnlySpan<byte> data)
    {
        NftAttributes routing = new(data, 2);
        return routing.IsWhole && routing.Number(2) switch
        {
            0 => Load(routing.Number(1), Steps.Other("rt classid", 4), true),
            1 => Load(routing.Number(1), Steps.Other("rt ip nexthop", 4), false),
            2 => Load(routing.Number(1), Steps.Other("rt ip6 nexthop", 16), false),
            3 => Load(routing.Number(1), Steps.Other("rt mtu", 2), true),
            4 => Load(routing.Number(1), Steps.Other("rt ipsec", 1), false),
            _ => false,
        };
    }

    /// <summary>enum nft_socket_attributes: KEY 1, DREG 2, LEVEL 3; enum nft_socket_keys.</summary>
    private bool Socket(ReadOnlySpan<byte> data)
    {
        NftAttributes socket = new(data, 3);
        return socket.IsWhole && socket.Number(1) switch
        {
            0 => Load(socket.Number(2), Steps.Other("socket transparent", 1), false),
            1 => Load(socket.Number(2), Steps.Other("socket mark", 4), true),
            2 => Load(socket.Number(2), Steps.Other("socket wildcard", 1), false),
            3 => Load(socket.Number(2), Steps.Other(string.Create(CultureInfo.InvariantCulture, $"socket cgroupv2 level {socket.Number(3) ?? 0}"), 8), true),
            _ => false,
        };
    }

    /// <summary>enum nft_xfrm_attributes: DREG 1, KEY 2, DIR 3, SPNUM 4; enum nft_xfrm_keys.</summary>
    private bool Transform(ReadOnlySpan<byte> data)
    {
        NftAttributes transform = new(data, 4);
        string? direction = transform.Number(3) switch { 0 => "in", 1 => "out", _ => null }; // XFRM_POLICY_IN, XFRM_POLICY_OUT
        (string Name, int Length, bool IsHost)? key = transform.Number(2) switch
        {
            1 => ("ip daddr", 4, false),
            2 => ("ip6 daddr", 16, false),
            3 => ("ip saddr", 4, false),
            4 => ("ip6 saddr", 16, false),
            5 => ("reqid", 4, true),
            6 => ("spi", 4, true),
            _ => null,
        };
        return transform.IsWhole && direction is not null && key is var (name, length, isHost)
            && Load(transform.Number(1), Steps.Other(string.Create(CultureInfo.InvariantCulture, $"ipsec {direction} {transform.Number(4) ?? 0} {name}"), length), isHost);
    }

    /// <summary>enum nft_tunnel_attributes: KEY 1, DREG 2, MODE 3.</summary>
    private bool Tunnel(ReadOnlySpan<byte> data)
    {
        NftAttributes tunnel = new(data, 3);
        string mode = string.Create(CultureInfo.InvariantCulture, $"mode {tunnel.Number(3) ?? 0}");
        return tunnel.IsWhole && tunnel.Number(1) switch
        {
            0 => Load(tunnel.Number(2), Steps.Other("tunnel path " + mode, 1), false),
            1 => Load(tunnel.Number(2), Steps.Other("tunnel id " + mode, 4), true),
            _ => false,
        };
    }

    /// <summary>enum nft_osf_attributes: DREG 1, TTL 2, FLAGS 3. The operating system that a SYN looks like.</summary>
    private bool Fingerprint(ReadOnlySpan<byte> data)
    {
        NftAttributes fingerprint = new(data, 3);
        string text = string.Create(CultureInfo.InvariantCulture, $"osf ttl {fingerprint.Number(2) ?? 0} flags {fingerprint.Number(3) ?? 0}");
        return fingerprint.IsWhole && _registers.Store(fingerprint.Number(1), new UnknownRegister(text, true, 16));
    }

    /// <summary>enum nft_ng_attributes: DREG 1, MODULUS 2, TYPE 3, OFFSET 4.</summary>
    private bool NumberGenerator(ReadOnlySpan<byte> data)
    {
        NftAttributes numbers = new(data, 4);
        string kind = numbers.Number(3) == 0 ? "inc" : "random";
        string text = string.Create(CultureInfo.InvariantCulture, $"numgen {kind} mod {numbers.Number(2) ?? 0} offset {numbers.Number(4) ?? 0}");
        return numbers.IsWhole && _registers.Store(numbers.Number(1), new UnknownRegister(text, false, 4));
    }

    /// <summary>enum nft_hash_attributes: SREG 1, DREG 2, LEN 3, MODULUS 4, SEED 5, OFFSET 6, TYPE 7. The text has no more of what is hashed than where it is.</summary>
    private bool Hash(ReadOnlySpan<byte> data)
    {
        NftAttributes hash = new(data, 7);
        string kind = hash.Number(7) == 1 ? "symhash" : "jhash";
        string text = string.Create(CultureInfo.InvariantCulture, $"{kind} mod {hash.Number(4) ?? 0} seed {hash.Number(5) ?? 0} offset {hash.Number(6) ?? 0}");
        return hash.IsWhole && _registers.Store(hash.Number(2), new UnknownRegister(text, false, 4));
    }

    private bool Load(uint? register, PacketField field, bool isHostOrder) =>
        _registers.Store(register, _registers.Field(field, isHostOrder && field.Length > 1));
}
