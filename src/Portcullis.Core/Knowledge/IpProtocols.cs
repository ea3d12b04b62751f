namespace Portcullis.Core.Knowledge;

/// <summary>
/// Names of the protocols directly above IP: those that are met on hosts, by IANA's registry of Assigned Internet Protocol
/// Numbers (RFC 5237), in lower case; 89 by its usual name.
/// </summary>
public static class IpProtocols
{
    /// <summary>The name of an IP protocol.</summary>
    /// <param name="number">0 to 255, as in the header of IPv4 or in an IPv6 next header.</param>
    /// <returns>Its name; null where this list has none.</returns>
    public static string? NameOf(int number) => number switch
    {
        0 => "hopopt",
        1 => "icmp",
        2 => "igmp",
        4 => "ipv4",
        6 => "tcp",
        8 => "egp",
        9 => "igp",
        17 => "udp",
        27 => "rdp",
        33 => "dccp",
        41 => "ipv6",
        43 => "ipv6-route",
        44 => "ipv6-frag",
        46 => "rsvp",
        47 => "gre",
        50 => "esp",
        51 => "ah",
        58 => "ipv6-icmp",
        59 => "ipv6-nonxt",
        60 => "ipv6-opts",
        88 => "eigrp",
        89 => "ospf",
        94 => "ipip",
        97 => "etherip",
        98 => "encap",
        103 => "pim",
        108 => "ipcomp",
        112 => "vrrp",
        115 => "l2tp",
        124 => "isis",
        132 => "sctp",
        133 => "fc",
        135 => "mobility-header",
        136 => "udplite",
        137 => "mpls-in-ip",
        139 => "hip",
        140 => "shim6",
        143 => "ethernet",
        // socket(…, SOCK_RAW, IPPROTO_RAW), raw(7): it sends any protocol and receives none.
        255 => "raw",
        _ => null,
    };
}
