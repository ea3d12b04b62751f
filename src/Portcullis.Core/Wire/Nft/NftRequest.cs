using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// The questions to nf_tables over NETLINK_NETFILTER, and what must be read of the answers to ask the next one. The bytes of
/// a question are always the same, without sequence numbers, so that a recording knows it again.
/// </summary>
/// <remarks>
/// linux/netfilter/nfnetlink.h: the message type is the subsystem (10) and one of enum nf_tables_msg_types; after the header
/// comes struct nfgenmsg: u8 family, u8 version, u16 generation (big-endian, the lowest 16 bits).
/// </remarks>
public static class NftRequest
{
    /// <summary>sizeof(struct nfgenmsg).</summary>
    public const int HeaderLength = 4;

    /// <summary>A table (NFT_MSG_NEWTABLE).</summary>
    public const ushort NewTable = Subsystem;

    /// <summary>A chain (NFT_MSG_NEWCHAIN).</summary>
    public const ushort NewChain = Subsystem | 3;

    /// <summary>A rule (NFT_MSG_NEWRULE).</summary>
    public const ushort NewRule = Subsystem | 6;

    /// <summary>A set (NFT_MSG_NEWSET).</summary>
    public const ushort NewSet = Subsystem | 9;

    /// <summary>Elements of a set (NFT_MSG_NEWSETELEM).</summary>
    public const ushort NewElements = Subsystem | 12;

    /// <summary>The number of the generation (NFT_MSG_NEWGEN).</summary>
    public const ushort NewGeneration = Subsystem | 15;

    private const ushort Subsystem = 10 << 8; // NFNL_SUBSYS_NFTABLES
    private const ushort GetTable = Subsystem | 1;
    private const ushort GetChain = Subsystem | 4;
    private const ushort GetRule = Subsystem | 7;
    private const ushort GetSet = Subsystem | 10;
    private const ushort GetElements = Subsystem | 13;
    private const ushort GetGeneration = Subsystem | 16;
    private const ushort NLM_F_ACK = 0x004;
    private const int NFTA_GEN_ID = 1;
    private const int NFTA_SET_TABLE = 1;
    private const int NFTA_SET_NAME = 2;
    private const int NFTA_SET_ELEM_LIST_TABLE = 1;
    private const int NFTA_SET_ELEM_LIST_SET = 2;

    /// <summary>Asks for all tables of all families.</summary>
    public static byte[] Tables() => Netlink.Dump(GetTable, stackalloc byte[HeaderLength]);

    /// <summary>Asks for all chains of all families.</summary>
    public static byte[] Chains() => Netlink.Dump(GetChain, stackalloc byte[HeaderLength]);

    /// <summary>Asks for all sets of all families, without their elements.</summary>
    public static byte[] Sets() => Netlink.Dump(GetSet, stackalloc byte[HeaderLength]);

    /// <summary>Asks for all rules of all families.</summary>
    public static byte[] Rules() => Netlink.Dump(GetRule, stackalloc byte[HeaderLength]);

    /// <summary>
    /// Asks for the number of the present generation. No dump, but with an acknowledgement wanted its answer ends like one.
    /// </summary>
    public static byte[] Generation()
    {
        byte[] request = Netlink.Dump(GetGeneration, stackalloc byte[HeaderLength]);
        BitConverter.TryWriteBytes(request.AsSpan(6), (ushort)(Netlink.NLM_F_REQUEST | NLM_F_ACK));
        return request;
    }

    /// <summary>Asks for the elements of the set that a message of the answer to <see cref="Sets"/> tells of; null where it is malformed.</summary>
    /// <param name="payload">What follows the header of the message.</param>
    public static byte[]? Elements(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength)
        {
            return null;
        }

        ReadOnlySpan<byte> table = default;
        ReadOnlySpan<byte> set = default;
        NetlinkAttributes attributes = new(payload[HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NFTA_SET_TABLE: table = attributes.Value; break;
                case NFTA_SET_NAME: set = attributes.Value; break;
            }
        }

        if (table.IsEmpty || set.IsEmpty)
        {
            return null;
        }

        ArrayBufferWriter<byte> body = new(HeaderLength + (2 * Netlink.AttributeHeaderLength) + table.Length + set.Length + 6);
        body.Write<byte>([payload[0], 0, 0, 0]);
        Write(body, NFTA_SET_ELEM_LIST_TABLE, table);
        Write(body, NFTA_SET_ELEM_LIST_SET, set);
        return Netlink.Dump(GetElements, body.WrittenSpan);
    }

    /// <summary>The generation in the answer to <see cref="Generation"/>; null where it is not there.</summary>
    public static uint? GenerationIn(ReadOnlySpan<byte> answer)
    {
        NetlinkMessages messages = new(answer);
        while (messages.Next())
        {
            if (messages.Type != NewGeneration || messages.Payload.Length < HeaderLength)
            {
                continue;
            }

            NetlinkAttributes attributes = new(messages.Payload[HeaderLength..]);
            while (attributes.Next())
            {
                if (attributes.Type == NFTA_GEN_ID && attributes.Value.Length >= sizeof(uint))
                {
                    return BinaryPrimitives.ReadUInt32BigEndian(attributes.Value);
                }
            }
        }

        return null;
    }

    private static void Write(ArrayBufferWriter<byte> body, ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> attribute = body.GetSpan(Netlink.Align(Netlink.AttributeHeaderLength + value.Length));
        attribute.Clear();
        BitConverter.TryWriteBytes(attribute, (ushort)(Netlink.AttributeHeaderLength + value.Length));
        BitConverter.TryWriteBytes(attribute[2..], type);
        value.CopyTo(attribute[Netlink.AttributeHeaderLength..]);
        body.Advance(Netlink.Align(Netlink.AttributeHeaderLength + value.Length));
    }
}
