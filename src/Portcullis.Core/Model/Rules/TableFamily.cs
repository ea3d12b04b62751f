namespace Portcullis.Core.Model.Rules;

/// <summary>The family of a table (NFPROTO_ constants of linux/netfilter.h).</summary>
public enum TableFamily
{
    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,

    /// <summary>IPv4.</summary>
    Ip = 2,

    /// <summary>ARP.</summary>
    Arp = 3,

    /// <summary>What comes in by, or goes out of, one device, before anything else sees it.</summary>
    Netdev = 5,

    /// <summary>What passes a bridge.</summary>
    Bridge = 7,

    /// <summary>IPv6.</summary>
    Ip6 = 10,
}
