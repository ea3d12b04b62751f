using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>One neighbour as rtnetlink(7) tells of it (RTM_NEWNEIGH): which card an address of a link has.</summary>
/// <remarks>
/// struct ndmsg of linux/neighbour.h: u8 family, 3 of padding, s32 interface, u16 state, u8 flags, u8 type; then attributes.
/// </remarks>
/// <param name="Interface">The interface.</param>
/// <param name="Address">The address.</param>
/// <param name="Card">The card's address, as long as those of the link are; empty where it is not known.</param>
/// <param name="HasFailed">Whether nobody answered for it (NUD_FAILED).</param>
public readonly record struct NeighbourEntry(int Interface, IpAddress Address, ReadOnlyMemory<byte> Card, bool HasFailed)
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWNEIGH = 28;

    private const ushort RTM_GETNEIGH = 30;
    private const int Length = 12;
    private const int NDA_DST = 1;
    private const int NDA_LLADDR = 2;
    private const ushort NUD_INCOMPLETE = 0x01;
    private const ushort NUD_REACHABLE = 0x02;
    private const ushort NUD_PROBE = 0x10;
    private const ushort NUD_FAILED = 0x20;
    private const ushort NUD_NOARP = 0x40;
    private const ushort NUD_PERMANENT = 0x80;
    private const byte NTF_USE = 0x01;

    /// <summary>Whether it answered for the address a moment ago (NUD_REACHABLE): what was known before may long be gone.</summary>
    public bool IsConfirmed { get; private init; }

    /// <summary>Whether it is being asked just now, and has not answered yet (NUD_INCOMPLETE, NUD_PROBE).</summary>
    public bool IsBeingAsked { get; private init; }

    /// <summary>Whether nobody is ever asked: it was written down by hand, or the link needs no asking (NUD_PERMANENT, NUD_NOARP).</summary>
    public bool IsFixed { get; private init; }

    /// <summary>Makes the request for all neighbours.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETNEIGH, stackalloc byte[Length]);

    /// <summary>Makes the request that has the kernel ask for a neighbour now; it needs rights over the network (CAP_NET_ADMIN).</summary>
    /// <param name="link">The interface's index.</param>
    /// <param name="address">The neighbour.</param>
    /// <param name="isKnown">Whether its card is known, and only to be confirmed; the kernel refuses where it is not.</param>
    public static byte[] Inquiry(int link, IpAddress address, bool isKnown)
    {
        int size = address.Version == IpVersion.V4 ? 4 : 16;
        byte[] message = new byte[Netlink.HeaderLength + Length + Netlink.AttributeHeaderLength + size];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), RTM_NEWNEIGH);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)(Netlink.NLM_F_REQUEST | 0x4 | (isKnown ? 0x100 : 0x400))); // NLM_F_ACK; NLM_F_REPLACE, NLM_F_CREATE
        Span<byte> body = message.AsSpan(Netlink.HeaderLength);
        body[0] = address.Version == IpVersion.V4 ? InetDiag.AF_INET : InetDiag.AF_INET6;
        BitConverter.TryWriteBytes(body[4..], link);
        BitConverter.TryWriteBytes(body[8..], isKnown ? NUD_PROBE : (ushort)0);
        body[10] = isKnown ? (byte)0 : NTF_USE;
        BitConverter.TryWriteBytes(body[Length..], (ushort)(Netlink.AttributeHeaderLength + size));
        BitConverter.TryWriteBytes(body[(Length + 2)..], (ushort)NDA_DST);
        address.WriteNetworkOrder(body[(Length + Netlink.AttributeHeaderLength)..]);
        return message;
    }

    /// <summary>Decodes one row; false where it is malformed, or of no IP address.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out NeighbourEntry row)
    {
        row = default;
        if (payload.Length < Length)
        {
            return false;
        }

        IpAddress? address = null;
        byte[] card = [];
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NDA_DST when attributes.Value.Length is 4 or 16:
                    address = IpAddress.FromNetworkOrder(attributes.Value);
                    break;
                case NDA_LLADDR when attributes.Value.Length <= 8: // sll_addr of packet(7) holds no more
                    card = attributes.Value.ToArray();
                    break;
            }
        }

        ushort state = BitConverter.ToUInt16(payload[8..]);
        if (address is not IpAddress known || attributes.Malformed)
        {
            return false;
        }

        row = new NeighbourEntry(BitConverter.ToInt32(payload[4..]), known, (state & (NUD_INCOMPLETE | NUD_FAILED)) != 0 ? [] : card, (state & NUD_FAILED) != 0)
        {
            IsConfirmed = (state & NUD_REACHABLE) != 0,
            IsBeingAsked = (state & (NUD_INCOMPLETE | NUD_PROBE)) != 0,
            IsFixed = (state & (NUD_NOARP | NUD_PERMANENT)) != 0,
        };
        return true;
    }
}
