using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>The routes as rtnetlink(7) tells of them (RTM_NEWROUTE).</summary>
/// <remarks>
/// struct rtmsg of linux/rtnetlink.h: u8 family, u8 destination length, u8 source length, u8 tos, u8 table, u8 protocol, u8 scope, u8 type,
/// u32 flags; then attributes.
/// </remarks>
public static class RouteEntry
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWROUTE = 24;

    private const ushort RTM_GETROUTE = 26;
    private const int Length = 12;
    private const int NextHopLength = 8; // struct rtnexthop: u16 length, u8 flags, u8 hops, i32 interface
    private const int RTA_DST = 1;
    private const int RTA_OIF = 4;
    private const int RTA_MULTIPATH = 9;
    private const int RTA_TABLE = 15;
    private const uint RT_TABLE_LOCAL = 255;
    private const byte RTN_UNICAST = 1;

    /// <summary>Makes the request for all routes of all families.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETROUTE, stackalloc byte[Length]);

    /// <summary>Adds the routes of a row, one for each interface that it names; none where it is of the host's own addresses, or leads nowhere.</summary>
    /// <param name="payload">The row.</param>
    /// <param name="routes">Where to.</param>
    /// <returns>False where the row is malformed, or does not tell the interface.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> payload, ICollection<NetworkRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        if (payload.Length < Length)
        {
            return false;
        }

        bool isV4 = payload[0] == InetDiag.AF_INET;
        int length = payload[1];
        if ((!isV4 && payload[0] != InetDiag.AF_INET6) || payload[7] != RTN_UNICAST)
        {
            return true;
        }

        IpAddress prefix = isV4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
        uint table = payload[4];
        List<int> interfaces = [];
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_DST when attributes.Value.Length == (isV4 ? 4 : 16):
                    prefix = IpAddress.FromNetworkOrder(attributes.Value);
                    break;
                case RTA_OIF when attributes.U32 is uint index:
                    interfaces.Add((int)index);
                    break;
                case RTA_TABLE when attributes.U32 is uint number:
                    table = number;
                    break;
                case RTA_MULTIPATH:
                    AddHops(attributes.Value, interfaces);
                    break;
                default:
                    break;
            }
        }

        if (attributes.Malformed || length > (isV4 ? 32 : 128))
        {
            return false;
        }

        if (table == RT_TABLE_LOCAL)
        {
            return true;
        }

        foreach (int index in interfaces)
        {
            routes.Add(new NetworkRoute(prefix, length, index, table));
        }

        return interfaces.Count > 0; // else by an object of "ip nexthop" of which no more is told (net.ipv4.nexthop_compat_mode)
    }

    private static void AddHops(ReadOnlySpan<byte> hops, List<int> interfaces)
    {
        while (hops.Length >= NextHopLength)
        {
            int length = Math.Max((int)BitConverter.ToUInt16(hops), NextHopLength);
            interfaces.Add(BitConverter.ToInt32(hops[4..]));
            hops = hops[Math.Min(Netlink.Align(length), hops.Length)..];
        }
    }
}
