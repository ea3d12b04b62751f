using System;

namespace Portcullis.Core.Wire;

/// <summary>Asks for the filters of traffic control on what comes in by an interface (RTM_GETTFILTER, rtnetlink(7)).</summary>
/// <remarks>
/// struct tcmsg of linux/rtnetlink.h: u8 family, u8 and u16 padding, s32 interface, u32 handle, u32 parent, u32 info; then attributes.
/// </remarks>
public static class TrafficFilter
{
    /// <summary>The type of a row: each is a filter, or the head of a list of them.</summary>
    public const ushort RTM_NEWTFILTER = 44;

    private const ushort RTM_GETTFILTER = 46;
    private const int Length = 20;

    // TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS) of linux/pkt_sched.h; the queueing discipline "ingress" takes it for its only class, too.
    private const uint Incoming = 0xfffffff2;

    /// <summary>Makes the request.</summary>
    /// <param name="index">The interface's index.</param>
    public static byte[] Request(int index)
    {
        Span<byte> body = stackalloc byte[Length];
        body.Clear();
        BitConverter.TryWriteBytes(body[4..], index);
        BitConverter.TryWriteBytes(body[12..], Incoming);
        return Netlink.Dump(RTM_GETTFILTER, body);
    }
}
