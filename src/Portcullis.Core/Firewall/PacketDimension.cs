namespace Portcullis.Core.Firewall;

/// <summary>What a sender chooses in a packet and rules often ask for. IPv6 addresses are two numbers of 64 bits.</summary>
public enum PacketDimension
{
    /// <summary>The first 64 bits of an IPv6 destination.</summary>
    DestinationHigh,

    /// <summary>The IPv4 destination, or the last 64 bits of an IPv6 one.</summary>
    DestinationLow,

    /// <summary>The destination port.</summary>
    DestinationPort,

    /// <summary>The first 64 bits of an IPv6 source.</summary>
    SourceHigh,

    /// <summary>The IPv4 source, or the last 64 bits of an IPv6 one.</summary>
    SourceLow,

    /// <summary>The source port.</summary>
    SourcePort,

    /// <summary>The type of an ICMP message.</summary>
    IcmpType,

    /// <summary>The code of an ICMP message.</summary>
    IcmpCode,
}
