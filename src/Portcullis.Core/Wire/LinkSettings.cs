using System;
using System.Text;

namespace Portcullis.Core.Wire;

/// <summary>
/// The switches of one network interface, as rtnetlink(7) tells them in the same row as the interface itself (RTM_NEWLINK): all
/// of them in one answer, where /proc/sys has a file for each.
/// </summary>
/// <remarks>
/// IFLA_AF_SPEC of linux/if_link.h holds an attribute for each address family; AF_INET's holds IFLA_INET_CONF, an array of u32,
/// whose element n - 1 is the switch IPV4_DEVCONF_n of linux/ip.h; AF_INET6's holds IFLA_INET6_CONF, an array of s32, whose
/// element n is the switch DEVCONF_n of linux/ipv6.h. Both only ever grow at the end.
/// </remarks>
public readonly record struct LinkSettings
{
    /// <summary>linux/ip.h: whether packets that come in here are passed on.</summary>
    public const int IPV4_DEVCONF_FORWARDING = 1;

    /// <summary>linux/ip.h: whether ICMP redirects are believed.</summary>
    public const int IPV4_DEVCONF_ACCEPT_REDIRECTS = 4;

    /// <summary>linux/ip.h: whether redirects are believed from the default gateways alone.</summary>
    public const int IPV4_DEVCONF_SECURE_REDIRECTS = 5;

    /// <summary>linux/ip.h: whether redirects are sent.</summary>
    public const int IPV4_DEVCONF_SEND_REDIRECTS = 6;

    /// <summary>linux/ip.h: whether the source of a packet must be reachable, and how.</summary>
    public const int IPV4_DEVCONF_RP_FILTER = 8;

    /// <summary>linux/ip.h: whether packets may carry their route.</summary>
    public const int IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE = 9;

    /// <summary>linux/ip.h: whether packets with impossible addresses are logged.</summary>
    public const int IPV4_DEVCONF_LOG_MARTIANS = 11;

    /// <summary>linux/ipv6.h: whether packets that come in here are passed on.</summary>
    public const int DEVCONF_FORWARDING = 0;

    /// <summary>linux/ipv6.h: whether router advertisements are believed.</summary>
    public const int DEVCONF_ACCEPT_RA = 3;

    /// <summary>linux/ipv6.h: whether ICMP redirects are believed.</summary>
    public const int DEVCONF_ACCEPT_REDIRECTS = 4;

    /// <summary>linux/ipv6.h: whether packets may carry their route.</summary>
    public const int DEVCONF_ACCEPT_SOURCE_ROUTE = 24;

    /// <summary>linux/ipv6.h: whether IPv6 is off.</summary>
    public const int DEVCONF_DISABLE_IPV6 = 26;

    /// <summary>linux/ipv6.h: whether packets that come in here are passed on whatever the switch of all interfaces says (since Linux 6.17; seen on 6.18).</summary>
    public const int DEVCONF_FORCE_FORWARDING = 59;

    private const int HeaderLength = 16; // struct ifinfomsg
    private const int IFLA_IFNAME = 3;
    private const int IFLA_AF_SPEC = 26;
    private const int AF_INET = 2;
    private const int AF_INET6 = 10;
    private const int IFLA_INET_CONF = 1;
    private const int IFLA_INET6_CONF = 2;

    private int[]? Ipv4 { get; init; }

    private int[]? Ipv6 { get; init; }

    /// <summary>The interface's name; empty where the kernel gave none.</summary>
    public string Name { get; private init; }

    /// <summary>A switch of IPv4 by its IPV4_DEVCONF_ number; null where the interface or the kernel has none.</summary>
    public int? V4(int number) => At(Ipv4, number - 1);

    /// <summary>A switch of IPv6 by its DEVCONF_ number; null where the interface or the kernel has none.</summary>
    public int? V6(int number) => At(Ipv6, number);

    /// <summary>Decodes the answer to <see cref="RouteLink.Request"/>, one row at a time; false where the row is malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out LinkSettings row)
    {
        row = default;
        if (payload.Length < HeaderLength)
        {
            return false;
        }

        string name = "";
        ReadOnlySpan<byte> families = default;
        NetlinkAttributes attributes = new(payload[HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME:
                    int end = attributes.Value.IndexOf((byte)0);
                    name = Encoding.UTF8.GetString(end < 0 ? attributes.Value : attributes.Value[..end]);
                    break;
                case IFLA_AF_SPEC:
                    families = attributes.Value;
                    break;
            }
        }

        NetlinkAttributes family = new(families);
        int[] ipv4 = [];
        int[] ipv6 = [];
        bool isWhole = !attributes.Malformed;
        while (family.Next())
        {
            switch (family.Type)
            {
                case AF_INET:
                    isWhole &= TryRead(family.Value, IFLA_INET_CONF, out ipv4);
                    break;
                case AF_INET6:
                    isWhole &= TryRead(family.Value, IFLA_INET6_CONF, out ipv6);
                    break;
            }
        }

        row = new LinkSettings { Name = name, Ipv4 = ipv4, Ipv6 = ipv6 };
        return isWhole && !family.Malformed;
    }

    private static bool TryRead(ReadOnlySpan<byte> family, int wanted, out int[] values)
    {
        values = [];
        NetlinkAttributes attributes = new(family);
        while (attributes.Next())
        {
            if (attributes.Type == wanted)
            {
                values = new int[attributes.Value.Length / sizeof(int)];
                for (int at = 0; at < values.Length; at++)
                {
                    values[at] = BitConverter.ToInt32(attributes.Value[(at * sizeof(int))..]);
                }
            }
        }

        return !attributes.Malformed;
    }

    private static int? At(int[]? values, int index) =>
        values is not null && (uint)index < (uint)values.Length ? values[index] : null;
}
