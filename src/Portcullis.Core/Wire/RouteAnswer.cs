using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>The way that the kernel would take to an address: the answer to one RTM_GETROUTE (rtnetlink(7)).</summary>
/// <remarks>struct rtmsg of linux/rtnetlink.h, drawn at <see cref="RouteEntry"/>; the answer names the very route of the address.</remarks>
/// <param name="Type">The route's type: RTN_UNICAST 1, RTN_LOCAL 2, RTN_BROADCAST 3, RTN_MULTICAST 5, RTN_BLACKHOLE 6 and on.</param>
/// <param name="Interface">The interface by which packets leave; 0 for none.</param>
/// <param name="Source">The address that the kernel would send from; null where it has none.</param>
/// <param name="Gateway">The router that packets are handed to; null where the address is on the link itself.</param>
public readonly record struct RouteAnswer(byte Type, int Interface, IpAddress? Source, IpAddress? Gateway)
{
    /// <summary>The type of a route to the machine itself.</summary>
    public const byte Local = 2;

    private const ushort RTM_GETROUTE = 26;
    private const int Length = 12;
    private const int RTA_DST = 1;
    private const int RTA_OIF = 4;
    private const int RTA_GATEWAY = 5;
    private const int RTA_PREFSRC = 7;
    private const int RTA_VIA = 18; // struct rtvia: u16 family, then the address: a gateway of the other version

    /// <summary>The type of a route to all hosts of a link.</summary>
    public const byte Broadcast = 3;

    /// <summary>The type of a route to a group of hosts.</summary>
    public const byte Multicast = 5;

    /// <summary>Makes the request for the way to one address.</summary>
    /// <param name="destination">The address.</param>
    /// <param name="link">The interface that it is to leave by, for addresses that mean another host on each; 0 for any.</param>
    public static byte[] Request(IpAddress destination, int link = 0)
    {
        int size = destination.Version == IpVersion.V4 ? 4 : 16;
        int after = Length + Netlink.AttributeHeaderLength + size;
        byte[] message = new byte[Netlink.HeaderLength + after + (link > 0 ? Netlink.AttributeHeaderLength + sizeof(int) : 0)];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), RTM_GETROUTE);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)(Netlink.NLM_F_REQUEST | 0x4)); // NLM_F_ACK, so that the answer has an end
        Span<byte> body = message.AsSpan(Netlink.HeaderLength);
        body[0] = destination.Version == IpVersion.V4 ? InetDiag.AF_INET : InetDiag.AF_INET6;
        body[1] = (byte)(size * 8);
        BitConverter.TryWriteBytes(body[Length..], (ushort)(Netlink.AttributeHeaderLength + size));
        BitConverter.TryWriteBytes(body[(Length + 2)..], (ushort)RTA_DST);
        destination.WriteNetworkOrder(body[(Length + Netlink.AttributeHeaderLength)..]);
        if (link > 0)
        {
            BitConverter.TryWriteBytes(body[after..], (ushort)(Netlink.AttributeHeaderLength + sizeof(int)));
            BitConverter.TryWriteBytes(body[(after + 2)..], (ushort)RTA_OIF);
            BitConverter.TryWriteBytes(body[(after + Netlink.AttributeHeaderLength)..], link);
        }

        return message;
    }

    /// <summary>Decodes the answer; false where it is malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out RouteAnswer route)
    {
        route = default;
        if (payload.Length < Length)
        {
            return false;
        }

        IpAddress? source = null;
        IpAddress? gateway = null;
        int link = 0;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_OIF when attributes.U32 is uint index:
                    link = (int)index;
                    break;
                case RTA_GATEWAY when attributes.Value.Length is 4 or 16:
                    gateway = IpAddress.FromNetworkOrder(attributes.Value);
                    break;
                case RTA_VIA when attributes.Value.Length is 6 or 18:
                    gateway = IpAddress.FromNetworkOrder(attributes.Value[2..]);
                    break;
                case RTA_PREFSRC when attributes.Value.Length is 4 or 16:
                    source = IpAddress.FromNetworkOrder(attributes.Value);
                    break;
            }
        }

        route = new RouteAnswer(payload[7], link, source, gateway);
        return !attributes.Malformed;
    }
}
