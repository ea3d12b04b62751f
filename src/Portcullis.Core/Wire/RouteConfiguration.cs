using System;

namespace Portcullis.Core.Wire;

/// <summary>Whether IPv6 packets are passed on that come in by one interface, as rtnetlink tells it (RTM_NEWNETCONF).</summary>
/// <remarks>
/// struct netconfmsg of linux/netconf.h: u8 family, three bytes of padding; then attributes. A row for all interfaces has the index -1, one for
/// those to come -2.
/// </remarks>
public readonly record struct RouteConfiguration
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWNETCONF = 80;

    /// <summary>The index of the row for all interfaces.</summary>
    public const int NETCONFA_IFINDEX_ALL = -1;

    private const ushort RTM_GETNETCONF = 82;
    private const int Length = 4;
    private const byte AF_INET6 = 10;
    private const int NETCONFA_IFINDEX = 1;
    private const int NETCONFA_FORWARDING = 2;

    /// <summary>The interface's index.</summary>
    public int Index { get; private init; }

    /// <summary>The switch "forwarding"; null where it is not told.</summary>
    public bool? Forwarding { get; private init; }

    /// <summary>Makes the request for all rows of IPv6.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETNETCONF, [AF_INET6, 0, 0, 0]);

    /// <summary>Decodes one row; false where it is malformed or tells no interface.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out RouteConfiguration row)
    {
        row = default;
        if (payload.Length < Length || payload[0] != AF_INET6)
        {
            return false;
        }

        int? index = null;
        bool? forwarding = null;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NETCONFA_IFINDEX: index = (int?)attributes.U32; break;
                case NETCONFA_FORWARDING: forwarding = attributes.U32 is uint on ? on != 0 : null; break;
            }
        }

        row = new RouteConfiguration { Index = index ?? 0, Forwarding = forwarding };
        return index is not null && !attributes.Malformed;
    }
}
