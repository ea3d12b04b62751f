using System;

namespace Portcullis.Core.Wire;

/// <summary>One queueing discipline as rtnetlink(7) tells of it (RTM_NEWQDISC).</summary>
/// <remarks>
/// struct tcmsg of linux/rtnetlink.h: u8 family, u8 and u16 padding, s32 interface, u32 handle, u32 parent, u32 info; then attributes.
/// </remarks>
public static class QueueingDiscipline
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWQDISC = 36;

    private const ushort RTM_GETQDISC = 38;
    private const int Length = 20;
    private const int TCA_KIND = 1;

    /// <summary>Makes the request for those of all interfaces.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETQDISC, stackalloc byte[Length]);

    /// <summary>The interface on which a row lets classifiers see what comes in; null for another row, or a malformed one.</summary>
    public static int? ClassifiedIn(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Length)
        {
            return null;
        }

        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            if (attributes.Type == TCA_KIND && (attributes.Value.TrimEnd((byte)0).SequenceEqual("ingress"u8) || attributes.Value.TrimEnd((byte)0).SequenceEqual("clsact"u8)))
            {
                return BitConverter.ToInt32(payload[4..]);
            }
        }

        return null;
    }
}
