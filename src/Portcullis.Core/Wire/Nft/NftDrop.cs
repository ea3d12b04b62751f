using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// The one change of the rules that a trace needs: a table of its own whose only rule drops what a peer sends to one connection, so
/// that the kernel, which knows nothing of that, does not reset it. The table has an owner: the kernel removes it as soon as
/// the netlink socket that made it is closed, which it also is when its process is killed.
/// </summary>
/// <remarks>linux/netfilter/nf_tables.h; NFT_TABLE_F_OWNER since Linux 5.12. An older kernel refuses the flag.</remarks>
public static class NftDrop
{
    private const ushort Nested = 0x8000; // NLA_F_NESTED
    private const uint NFT_TABLE_F_OWNER = 2;
    private const uint NF_INET_PRE_ROUTING = 0;
    private const int BeforeAllOthers = -450; // NF_IP_PRI_RAW_BEFORE_DEFRAG: nothing is kept of these packets
    private const uint NFT_PAYLOAD_NETWORK_HEADER = 1;
    private const uint NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    private const uint NFT_META_L4PROTO = 16;
    private const uint NFT_REG_1 = 1;
    private const uint NFT_CMP_LTE = 3;
    private const uint NFT_CMP_GTE = 5;

    /// <summary>The messages that make table, chain and rule, all or none of them; the answer is one acknowledgement or an error.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="from">Whose packets are dropped.</param>
    /// <param name="fromPort">From which of its ports.</param>
    /// <param name="to">To which of our addresses, of the same version.</param>
    /// <param name="firstPort">To our ports from here on.</param>
    /// <param name="lastPort">The last of them.</param>
    public static byte[] Batch(string table, IpAddress from, ushort fromPort, IpAddress to, ushort firstPort, ushort lastPort)
    {
        byte family = from.Version == IpVersion.V4 ? (byte)2 : (byte)10; // NFPROTO_IPV4, NFPROTO_IPV6
        byte[] name = Text(table);
        byte[] chain = Text("answers");
        ArrayBufferWriter<byte> batch = new(1024);
        batch.Write(NftMessage.Begin());
        batch.Write(NftMessage.Of(NftRequest.NewTable, Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL, family,
            [.. Netlink.Attribute(1, name), .. Netlink.Attribute(2, Number(NFT_TABLE_F_OWNER))]));
        batch.Write(NftMessage.Of(NftRequest.NewChain, Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE, family,
        [
            .. Netlink.Attribute(1, name), .. Netlink.Attribute(3, chain), .. Netlink.Attribute(7, Text("filter")),
            .. Netlink.Attribute(4 | Nested, [.. Netlink.Attribute(1, Number(NF_INET_PRE_ROUTING)), .. Netlink.Attribute(2, Number(unchecked((uint)BeforeAllOthers)))]),
        ]));
        batch.Write(NftMessage.Of(NftRequest.NewRule, Netlink.NLM_F_REQUEST | Netlink.NLM_F_CREATE | Netlink.NLM_F_APPEND | Netlink.NLM_F_ACK, family,
            [.. Netlink.Attribute(1, name), .. Netlink.Attribute(2, chain), .. Netlink.Attribute(4 | Nested, Expressions(from, fromPort, to, firstPort, lastPort))]));
        batch.Write(NftMessage.End());
        return batch.WrittenSpan.ToArray();
    }

    private static byte[] Expressions(IpAddress from, ushort fromPort, IpAddress to, ushort firstPort, ushort lastPort)
    {
        bool isV4 = from.Version == IpVersion.V4;
        uint length = isV4 ? 4u : 16u;
        uint place = isV4 ? 12u : 8u; // of the source address in the header
        return
        [
            .. Expression("meta", [.. Netlink.Attribute(2, Number(NFT_META_L4PROTO)), .. Netlink.Attribute(1, Number(NFT_REG_1))]), .. IsEqual([6]),
            .. Payload(NFT_PAYLOAD_NETWORK_HEADER, place, length), .. IsEqual(Address(from)),
            .. Payload(NFT_PAYLOAD_NETWORK_HEADER, place + length, length), .. IsEqual(Address(to)),
            .. Payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2), .. IsEqual(Port(fromPort)),
            .. Payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2), .. Compare(NFT_CMP_GTE, Port(firstPort)), .. Compare(NFT_CMP_LTE, Port(lastPort)),

            // NFTA_IMMEDIATE_DREG 0 is the verdict; NFTA_DATA_VERDICT with the code 0, NF_DROP.
            .. Expression("immediate", [.. Netlink.Attribute(1, Number(0)), .. Netlink.Attribute(2 | Nested, Netlink.Attribute(2 | Nested, Netlink.Attribute(1, Number(0))))]),
        ];
    }

    private static byte[] Payload(uint header, uint offset, uint length) => Expression(
        "payload", [.. Netlink.Attribute(1, Number(NFT_REG_1)), .. Netlink.Attribute(2, Number(header)), .. Netlink.Attribute(3, Number(offset)), .. Netlink.Attribute(4, Number(length))]);

    private static byte[] IsEqual(byte[] value) => Compare(0, value); // NFT_CMP_EQ

    private static byte[] Compare(uint how, byte[] value) => Expression(
        "cmp", [.. Netlink.Attribute(1, Number(NFT_REG_1)), .. Netlink.Attribute(2, Number(how)), .. Netlink.Attribute(3 | Nested, Netlink.Attribute(1, value))]);

    private static byte[] Port(ushort port) => [(byte)(port >> 8), (byte)port];

    private static byte[] Expression(string name, byte[] data) =>
        Netlink.Attribute(1 | Nested, [.. Netlink.Attribute(1, Text(name)), .. Netlink.Attribute(2 | Nested, data)]); // NFTA_LIST_ELEM

    private static byte[] Address(IpAddress address)
    {
        byte[] bytes = new byte[address.Version == IpVersion.V4 ? 4 : 16];
        address.WriteNetworkOrder(bytes);
        return bytes;
    }

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
