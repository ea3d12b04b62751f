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
    private const ushort NUD_FAILED = 0x20;

    /// <summary>Makes the request for all neighbours.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETNEIGH, stackalloc byte[Length]);

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

        row = new NeighbourEntry(BitConverter.ToInt32(payload[4..]), known, (state & (NUD_INCOMPLETE | NUD_FAILED)) != 0 ? [] : card, (state & NUD_FAILED) != 0);
        return true;
    }
}
