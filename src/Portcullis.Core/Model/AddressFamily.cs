namespace Portcullis.Core.Model;

/// <summary>What traffic a listener takes, by IP version.</summary>
public enum AddressFamily
{
    /// <summary>IPv4 only (also an IPv6 socket bound to an IPv4-mapped address).</summary>
    Ipv4,

    /// <summary>IPv6 only.</summary>
    Ipv6,

    /// <summary>Both: an IPv6 socket bound to ::, without <c>IPV6_V6ONLY</c> (ipv6(7)).</summary>
    Dual,

    /// <summary>Below IP: frames of any kind, as packet sockets see them.</summary>
    Packet,
}
