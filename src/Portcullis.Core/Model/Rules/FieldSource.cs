namespace Portcullis.Core.Model.Rules;

/// <summary>Where a field comes from.</summary>
public enum FieldSource
{
    /// <summary>The header of the link layer (NFT_PAYLOAD_LL_HEADER).</summary>
    LinkHeader,

    /// <summary>The header of IPv4 or IPv6 (NFT_PAYLOAD_NETWORK_HEADER).</summary>
    NetworkHeader,

    /// <summary>The header of TCP, UDP or whatever else IP carries (NFT_PAYLOAD_TRANSPORT_HEADER).</summary>
    TransportHeader,

    /// <summary>What the kernel knows of the packet: "iifname", "l4proto", "nfproto", "mark", "pkttype" (nft(8), "Meta expressions").</summary>
    Meta,

    /// <summary>What the kernel knows of its connection: "state", "status", "mark", "original proto-dst" (nft(8), "Conntrack expressions").</summary>
    Connection,

    /// <summary>What a lookup in the routing tables says: "daddr type", "saddr . iif oif" (nft(8), "Fib expressions").</summary>
    Route,

    /// <summary>Anything else; the name says what, and tells apart what differs.</summary>
    Other,
}
