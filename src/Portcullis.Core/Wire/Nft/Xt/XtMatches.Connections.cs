using System;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft.Xt;

/// <content>What the kernel knows of connections and addresses.</content>
internal static partial class XtMatches
{
    // enum of linux/netfilter/xt_conntrack.h.
    private const int OfState = 1 << 0;
    private const int OfProtocol = 1 << 1;
    private const int OfStatus = 1 << 6;
    private const int OfExpiry = 1 << 7;
    private const int OfDirection = 1 << 12;
    private const int StateAlias = 1 << 13;

    private const uint UntrackedState = 1 << 6; // NF_CT_STATE_UNTRACKED_BIT of nf_conntrack_common.h
    private const uint PlainStates = 0xf; // invalid, established, related, new
    private const uint XtSourceNat = 1 << 6; // XT_CONNTRACK_STATE_SNAT: 1 << (IP_CT_NUMBER + 1), which is 5
    private const uint XtDestinationNat = 1 << 7;
    private const uint XtUntracked = 1 << 8;
    private const uint StatusSourceNat = 1 << 4; // IPS_SRC_NAT
    private const uint StatusDestinationNat = 1 << 5;

    private static readonly (int Flag, string Name, int Address)[] Addresses =
        [(1 << 2, "original {0} saddr", 0), (1 << 3, "original {0} daddr", 32), (1 << 4, "reply {0} saddr", 64), (1 << 5, "reply {0} daddr", 96)];

    private static readonly (int Flag, string Name, int Port, int High)[] PortsOfTuples =
        [(1 << 8, "original proto-src", 138, 156), (1 << 9, "original proto-dst", 140, 158), (1 << 10, "reply proto-src", 142, 160), (1 << 11, "reply proto-dst", 144, 162)];

    /// <summary>struct xt_state_info: unsigned int states.</summary>
    private static bool State(ref XtReader match) => match.Has(4) && (match.U32(0) & ~(PlainStates | UntrackedState)) == 0
        && match.Add(Steps.AnyBit(Steps.Connection("state", 4), match.U32(0)));

    /// <summary>
    /// struct xt_conntrack_mtinfo1 to 3: four pairs of address and mask, u32 expires[2], u16 protocol, u16 ports[4] (be16 before revision 3), u16 flags,
    /// u16 inverted, then states and status of a byte each, or of two since revision 2; revision 3 has the upper ports behind.
    /// </summary>
    private static bool Connection(ref XtReader match)
    {
        (int length, int size) = match.Revision switch { 1 => (152, 1), 2 => (156, 2), _ => (164, 2) };
        if (!match.Has(length))
        {
            return false;
        }

        int flags = match.U16(146);
        int inverted = match.U16(148);
        uint states = size == 1 ? match.U8(150) : match.U16(150);
        uint status = size == 1 ? match.U8(151) : match.U16(152);

        // Without a connection, the state alone is looked at (conntrack_mt): with anything beside it, that is no chain of steps.
        const uint None = 1 | XtUntracked;
        bool canBeNone = (flags & OfState) != 0 && ((inverted & OfState) != 0 ? (states & None) != None : (states & None) != 0);
        if ((flags & OfExpiry) != 0 || flags >= 1 << 14 || (canBeNone && (flags & ~(OfState | StateAlias)) != 0))
        {
            return false;
        }

        if ((flags & OfState) != 0 && !States(ref match, states, (inverted & OfState) != 0))
        {
            return false;
        }

        if ((flags & OfStatus) != 0)
        {
            match.Add(Steps.AnyBit(Steps.Connection("status", 4), status, (inverted & OfStatus) != 0));
        }

        if ((flags & OfDirection) != 0)
        {
            match.Add(Steps.Match(Steps.Connection("direction", 1), [0], (inverted & OfDirection) != 0));
        }

        if ((flags & OfProtocol) != 0)
        {
            match.Add(Steps.Match(Steps.Connection("protocol", 1), [(byte)match.U16(136)], (inverted & OfProtocol) != 0));
        }

        return Tuples(ref match, flags, inverted);
    }

    private static bool Tuples(ref XtReader match, int flags, int inverted)
    {
        foreach ((int flag, string name, int at) in Addresses)
        {
            int bytes = match.AddressLength;
            if ((flags & flag) != 0)
            {
                if (bytes == 0)
                {
                    return false;
                }

                PacketField field = Steps.Connection(name.Replace("{0}", bytes == 4 ? "ip" : "ip6", StringComparison.Ordinal), bytes);
                match.Add(Steps.Masked(field, [.. match.Bytes(at + 16, bytes)], [.. match.Bytes(at, bytes)], (inverted & flag) != 0));
            }
        }

        foreach ((int flag, string name, int at, int high) in PortsOfTuples)
        {
            if ((flags & flag) != 0)
            {
                int first = match.Revision == 3 ? match.U16(at) : match.Be16(at);
                int last = match.Revision == 3 ? match.U16(high - 2) : first;
                match.Add(Steps.Match(Steps.Connection(name, 2), Steps.U16(first), Steps.U16(last), (inverted & flag) != 0));
            }
        }

        return true;
    }

    /// <summary>xt's word for state has translation in it, which is a status: either may hold, so that there are two ways to go on.</summary>
    private static bool States(ref XtReader match, uint states, bool inverted)
    {
        uint known = PlainStates | XtSourceNat | XtDestinationNat | XtUntracked;
        uint state = (states & PlainStates) | ((states & XtUntracked) != 0 ? UntrackedState : 0);
        uint status = ((states & XtSourceNat) != 0 ? StatusSourceNat : 0) | ((states & XtDestinationNat) != 0 ? StatusDestinationNat : 0);
        if ((states & ~known) != 0 || (status != 0 && inverted))
        {
            return false;
        }

        MatchStep translated = Steps.AnyBit(Steps.Connection("status", 4), status);
        MatchStep byState = Steps.AnyBit(Steps.Connection("state", 4), state, inverted);
        match.Alternative = status != 0 && state != 0 ? translated : null;
        return match.Add(status != 0 && state == 0 ? translated : byState);
    }

    /// <summary>
    /// struct xt_addrtype_info_v1: u16 source, u16 destination, u32 flags (1, 2: not; 4, 8: only of the interface); revision 0 has two u32 for "not".
    /// Bit n stands for the type of route n (RTN_ of linux/rtnetlink.h), as fib gives it.
    /// </summary>
    private static bool AddressType(ref XtReader match)
    {
        if (!match.Has(match.Revision == 1 ? 8 : 12) || match.AddressLength == 0)
        {
            return false;
        }

        uint flags = match.Revision == 1 ? match.U32(4) : (match.U32(4) != 0 ? 1u : 0) | (match.U32(8) != 0 ? 2u : 0);
        string interfaces = ((flags & 4) != 0 ? " . iif" : "") + ((flags & 8) != 0 ? " . oif" : "");
        return flags <= 15
            && Types(ref match, match.U16(0), "saddr", interfaces, (flags & 1) != 0)
            && Types(ref match, match.U16(2), "daddr", interfaces, (flags & 2) != 0);
    }

    private static bool Types(ref XtReader match, ushort types, string address, string interfaces, bool negated)
    {
        const ushort Local = 1 << 2;
        const ushort Multicast = 1 << 5;
        if (types == 0)
        {
            return true;
        }

        if (match.IsV6 && types == Multicast)
        {
            return match.Add(Steps.Match(Steps.Network(address == "saddr" ? 8 : 24, 1), [0xff], negated)); // RFC 4291, 2.7
        }

        // For IPv6 the module goes by the address, not the route, for all other types but these (match_type6).
        if (match.IsV6 && types != Local)
        {
            return false;
        }

        ByteRange[] ranges = new ByteRange[System.Numerics.BitOperations.PopCount(types)];
        int count = 0;
        for (uint type = 0; type < 16; type++)
        {
            if (((types >> (int)type) & 1) != 0)
            {
                ranges[count++] = new ByteRange(Steps.U32(type), Steps.U32(type));
            }
        }

        return match.Add(new MatchStep(new Operand(Steps.Route($"{address}{interfaces} type", 4)), [.. ranges], negated));
    }
}
