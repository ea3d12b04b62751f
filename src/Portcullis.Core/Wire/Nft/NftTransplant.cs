using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// Turns what the kernel told of the rules of one network namespace into the messages that make the same rules in another: nothing of
/// them is decoded, so nothing of them is lost.
/// </summary>
/// <remarks>
/// linux/netfilter/nf_tables.h. What the kernel gives out itself (handles, counts, owners) is left out. Sets without a name of their own
/// get the name that they had, so that rules find them by it.
/// </remarks>
public static class NftTransplant
{
    private const int LongestBatch = 1 << 16; // of a socket's usual buffer a third; a message alone may be longer
    private const int Nested = 0x8000; // NLA_F_NESTED

    private const int NFTA_TABLE_FLAGS = 2;
    private const uint NFT_TABLE_F_DORMANT = 1;
    private const int NFTA_RULE_EXPRESSIONS = 4;
    private const int NFTA_RULE_COMPAT = 5;
    private const int NFTA_SET_FLAGS = 3;
    private const int NFTA_SET_ID = 10;
    private const uint NFT_SET_ANONYMOUS = 1;

    // The attributes that are taken as they are.
    private static readonly int[] TableParts = [1, 6]; // NAME, USERDATA
    private static readonly int[] ChainParts = [1, 3, 4, 5, 7, 12]; // TABLE, NAME, HOOK, POLICY, TYPE, USERDATA
    private static readonly int[] RuleParts = [1, 2, NFTA_RULE_EXPRESSIONS, 7]; // TABLE, CHAIN, EXPRESSIONS, USERDATA
    private static readonly int[] SetParts = [1, 2, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 17, 18]; // all but FLAGS, ID, PAD, HANDLE and what is younger
    private static readonly int[] ElementParts = [1, 2, 3]; // TABLE, SET, ELEMENTS

    /// <summary>The batches, to be sent one after the other; each is answered by one acknowledgement or an error.</summary>
    /// <param name="dump">Whole netlink messages, one behind the other, in the order in which things are needed: tables, chains, sets, elements, rules.</param>
    public static IReadOnlyList<byte[]> Batches(ReadOnlySpan<byte> dump)
    {
        List<byte[]> batches = [];
        List<byte[]> messages = [];
        int length = 0;
        uint sets = 0;
        NetlinkMessages told = new(dump);
        while (told.Next())
        {
            if (told.Payload.Length < NftRequest.HeaderLength || Copy(told.Type, told.Payload, ref sets) is not byte[] message)
            {
                continue;
            }

            if (length > 0 && length + message.Length > LongestBatch)
            {
                batches.Add(Batch(messages));
                messages.Clear();
                length = 0;
            }

            messages.Add(message);
            length += message.Length;
        }

        if (messages.Count > 0)
        {
            batches.Add(Batch(messages));
        }

        return batches;
    }

    private static byte[] Batch(List<byte[]> messages)
    {
        byte[] last = messages[^1];
        BitConverter.TryWriteBytes(last.AsSpan(6), (ushort)(BitConverter.ToUInt16(last, 6) | Netlink.NLM_F_ACK));
        List<byte> batch = [.. NftMessage.Begin()];
        foreach (byte[] message in messages)
        {
            batch.AddRange(message);
        }

        batch.AddRange(NftMessage.End());
        return [.. batch];
    }

    private static byte[]? Copy(ushort type, ReadOnlySpan<byte> payload, ref uint sets)
    {
        const int Make = Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE;
        ReadOnlySpan<byte> attributes = payload[NftRequest.HeaderLength..];
        return type switch
        {
            NftRequest.NewTable => NftMessage.Of(type, Make, payload[0], [.. Parts(attributes, TableParts), .. Flags(attributes, NFTA_TABLE_FLAGS, NFT_TABLE_F_DORMANT)]),
            NftRequest.NewChain => NftMessage.Of(type, Make, payload[0], Parts(attributes, ChainParts)),
            NftRequest.NewSet => NftMessage.Of(
                type, Make, payload[0], [.. Parts(attributes, SetParts), .. Flags(attributes, NFTA_SET_FLAGS, ~NFT_SET_ANONYMOUS), .. Netlink.Attribute(NFTA_SET_ID, Number(++sets))]),
            NftRequest.NewElements => NftMessage.Of(type, Make, payload[0], Parts(attributes, ElementParts)),
            NftRequest.NewRule => NftMessage.Of(type, Make | Netlink.NLM_F_APPEND, payload[0], [.. Parts(attributes, RuleParts), .. Compatibility(attributes)]),
            _ => null,
        };
    }

    private static byte[] Parts(ReadOnlySpan<byte> attributes, int[] wanted)
    {
        List<byte> parts = [];
        NetlinkAttributes all = new(attributes);
        while (all.Next())
        {
            if (Array.IndexOf(wanted, all.Type) >= 0)
            {
                parts.AddRange(Netlink.Attribute(all.Type | (all.IsNested ? Nested : 0), all.Value));
            }
        }

        return [.. parts];
    }

    private static byte[] Flags(ReadOnlySpan<byte> attributes, int type, uint kept)
    {
        NetlinkAttributes all = new(attributes);
        while (all.Next())
        {
            if (all.Type == type && all.Value.Length == sizeof(uint))
            {
                return Netlink.Attribute(type, Number(BinaryPrimitives.ReadUInt32BigEndian(all.Value) & kept));
            }
        }

        return [];
    }

    /// <summary>
    /// Extensions of iptables want to know the protocol of their rule, which the kernel does not tell again (NFTA_RULE_COMPAT): it is what
    /// the rule itself compares.
    /// </summary>
    private static byte[] Compatibility(ReadOnlySpan<byte> rule)
    {
        NetlinkAttributes all = new(rule);
        while (all.Next())
        {
            if (all.Type == NFTA_RULE_EXPRESSIONS && NftProtocol.OfExtension(all.Value) is byte protocol)
            {
                return Netlink.Attribute(NFTA_RULE_COMPAT | Nested, [.. Netlink.Attribute(1, Number(protocol)), .. Netlink.Attribute(2, Number(0))]); // PROTO, FLAGS
            }
        }

        return [];
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
