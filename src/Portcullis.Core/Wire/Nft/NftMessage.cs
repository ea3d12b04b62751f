using System;
using System.Buffers.Binary;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Messages that change rules of nf_tables: all of a batch, or none.</summary>
/// <remarks>linux/netfilter/nfnetlink.h: after the header struct nfgenmsg, which of a batch's ends names the subsystem.</remarks>
internal static class NftMessage
{
    private const ushort BatchBegin = 0x10; // NFNL_MSG_BATCH_BEGIN
    private const ushort BatchEnd = 0x11;
    private const ushort Subsystem = 10; // NFNL_SUBSYS_NFTABLES

    /// <summary>The beginning of a batch.</summary>
    internal static byte[] Begin() => Netlink.Message(BatchBegin, Netlink.NLM_F_REQUEST, Header(0, Subsystem));

    /// <summary>The end of a batch.</summary>
    internal static byte[] End() => Netlink.Message(BatchEnd, Netlink.NLM_F_REQUEST, Header(0, Subsystem));

    /// <summary>A message of a batch.</summary>
    internal static byte[] Of(ushort type, int flags, byte family, ReadOnlySpan<byte> attributes) => Netlink.Message(type, (ushort)flags, [.. Header(family, 0), .. attributes]);

    private static byte[] Header(byte family, ushort resource)
    {
        byte[] header = new byte[NftRequest.HeaderLength];
        header[0] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), resource);
        return header;
    }
}
