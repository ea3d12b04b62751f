using System;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>
/// The question for all sets of ipset(8) with their elements, over NETLINK_NETFILTER. Always the same bytes, so that a recording knows it again.
/// </summary>
/// <remarks>linux/netfilter/ipset/ip_set.h: subsystem 6, IPSET_CMD_LIST; since protocol 7 (Linux 4.20) the answer tells the numbers by which rules name the sets.</remarks>
public static class IpsetRequest
{
    /// <summary>A set with elements, or more elements of the one before (IPSET_CMD_LIST).</summary>
    public const ushort Listed = (6 << 8) | 7;

    /// <summary>sizeof(struct nfgenmsg).</summary>
    public const int HeaderLength = 4;

    private const byte IPSET_ATTR_PROTOCOL = 1;
    private const byte IPSET_PROTOCOL = 7;
    private const int XtNameLength = 29; // XT_EXTENSION_MAXNAMELEN

    /// <summary>Asks for all sets.</summary>
    public static byte[] Sets() => Netlink.Dump(Listed, [0, 0, 0, 0, 5, 0, IPSET_ATTR_PROTOCOL, 0, IPSET_PROTOCOL, 0, 0, 0]);

    /// <summary>
    /// Whether rules name sets: a match "set" or a target "SET" is somewhere in them. Where none does, asking would only load a module of the kernel.
    /// </summary>
    /// <param name="messages">The answers of nf_tables.</param>
    /// <param name="legacy">The tables of the older iptables.</param>
    public static bool IsNeeded(ReadOnlySpan<byte> messages, ReadOnlySpan<LegacyTable> legacy)
    {
        // NFTA_MATCH_NAME and NFTA_TARGET_NAME are both 1; the length is of the attribute with its header.
        if (messages.IndexOf("\u0008\0\u0001\0set\0"u8) >= 0 || messages.IndexOf("\u0008\0\u0001\0SET\0"u8) >= 0)
        {
            return true;
        }

        Span<byte> match = stackalloc byte[XtNameLength];
        Span<byte> target = stackalloc byte[XtNameLength];
        match.Clear();
        target.Clear();
        "set"u8.CopyTo(match);
        "SET"u8.CopyTo(target);
        foreach (LegacyTable table in legacy)
        {
            if (table.Entries.Span.IndexOf(match) >= 0 || table.Entries.Span.IndexOf(target) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
