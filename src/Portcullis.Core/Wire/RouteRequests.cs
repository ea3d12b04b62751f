using System;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Wire;

/// <summary>The requests of rtnetlink(7) that build a network: pairs of interfaces, addresses, routes.</summary>
/// <remarks>struct ifinfomsg, ifaddrmsg and rtmsg of the kernel's headers, each with its attributes behind it.</remarks>
public static class RouteRequests
{
    private const ushort Make = Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK | Netlink.NLM_F_EXCL | Netlink.NLM_F_CREATE;
    private const uint IFF_UP = 0x1;
    private const uint IFF_NOARP = 0x80;
    private const int IFLA_ADDRESS = 1;
    private const int IFLA_IFNAME = 3;
    private const int IFLA_LINKINFO = 18;
    private const int IFLA_NET_NS_FD = 28;
    private const int IFLA_INFO_KIND = 1;
    private const int IFLA_INFO_DATA = 2;
    private const int VETH_INFO_PEER = 1;
    private const byte IFA_F_NODAD = 0x02;
    private const byte RTPROT_STATIC = 4;
    private const byte RT_SCOPE_LINK = 253;
    private const byte RTN_UNICAST = 1;

    /// <summary>Makes a pair of interfaces (veth(4)), of which the other is in another namespace.</summary>
    /// <param name="index">The index of this one.</param>
    /// <param name="name">Its name.</param>
    /// <param name="card">Its card's address.</param>
    /// <param name="other">The name of the other.</param>
    /// <param name="otherIndex">Its index.</param>
    /// <param name="otherCard">Its card's address.</param>
    /// <param name="otherNamespace">A descriptor of its namespace.</param>
    public static byte[] Pair(int index, string name, MacAddress card, string other, int otherIndex, MacAddress otherCard, int otherNamespace) =>
        Netlink.Message(RouteLink.RTM_NEWLINK, Make,
        [
            .. Link(index, 0), .. Named(name, card),
            .. Netlink.Attribute(IFLA_LINKINFO,
            [
                .. Netlink.Attribute(IFLA_INFO_KIND, Encoding.ASCII.GetBytes("veth")),
                .. Netlink.Attribute(IFLA_INFO_DATA, Netlink.Attribute(VETH_INFO_PEER,
                    [.. Link(otherIndex, 0), .. Named(other, otherCard), .. Netlink.Attribute(IFLA_NET_NS_FD, BitConverter.GetBytes(otherNamespace))])),
            ]),
        ]);

    /// <summary>Switches an interface on.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="asks">Whether it asks for its neighbours' cards; else what it sends goes to nobody's in particular (arp_constructor, net/ipv4/arp.c).</param>
    public static byte[] Up(int index, bool asks) => Netlink.Message(RouteLink.RTM_NEWLINK, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, Link(index, asks ? IFF_UP : IFF_UP | IFF_NOARP));

    /// <summary>Gives an interface an address, of which no neighbour is asked whether it has it too.</summary>
    /// <param name="index">The interface's index.</param>
    /// <param name="address">The address.</param>
    public static byte[] Address(int index, IpAddress address)
    {
        const int IFA_LOCAL = 2;
        const int IFA_ADDRESS = 1;
        byte[] bytes = Bytes(address);
        return Netlink.Message(RouteAddress.RTM_NEWADDR, Make,
        [
            Family(address), (byte)(bytes.Length * 8), IFA_F_NODAD, 0, .. BitConverter.GetBytes(index),
            .. Netlink.Attribute(IFA_LOCAL, bytes), .. Netlink.Attribute(IFA_ADDRESS, bytes),
        ]);
    }

    /// <summary>Makes a route of the main table, with nobody between: whoever is in the block is on the interface's link.</summary>
    /// <param name="route">The route.</param>
    public static byte[] Route(NetworkRoute route)
    {
        const int RTA_DST = 1;
        const int RTA_OIF = 4;
        ArgumentNullException.ThrowIfNull(route);
        byte[] target = route.Length == 0 ? [] : Netlink.Attribute(RTA_DST, Bytes(route.Prefix));
        return Netlink.Message(RouteEntry.RTM_NEWROUTE, Make,
        [
            Family(route.Prefix), (byte)route.Length, 0, 0, (byte)NetworkRoute.MainTable, RTPROT_STATIC, RT_SCOPE_LINK, RTN_UNICAST, .. new byte[4],
            .. target, .. Netlink.Attribute(RTA_OIF, BitConverter.GetBytes(route.Interface)),
        ]);
    }

    private static byte[] Link(int index, uint flags) => [.. new byte[4], .. BitConverter.GetBytes(index), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(flags)];

    private static byte[] Named(string name, MacAddress card)
    {
        byte[] address = new byte[MacAddress.Length];
        card.Write(address);
        return [.. Netlink.Attribute(IFLA_IFNAME, RouteLink.Label(name)), .. Netlink.Attribute(IFLA_ADDRESS, address)];
    }

    private static byte Family(IpAddress address) => address.Version == IpVersion.V4 ? (byte)InetDiag.AF_INET : (byte)InetDiag.AF_INET6;

    private static byte[] Bytes(IpAddress address)
    {
        byte[] bytes = new byte[address.Version == IpVersion.V4 ? 4 : 16];
        address.WriteNetworkOrder(bytes);
        return bytes;
    }
}
