using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One network interface of a namespace, with its addresses.</summary>
public sealed record NetworkInterface
{
    /// <summary>The kernel's index, 1 and up, unique in its namespace.</summary>
    public required int Index { get; init; }

    /// <summary>The name, at most 15 bytes (IFNAMSIZ).</summary>
    public required string Name { get; init; }

    /// <summary>The kind of a virtual interface (IFLA_INFO_KIND: "bridge", "vxlan", "wireguard"); null for plain ones.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether this is the loopback device (IFF_LOOPBACK).</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Whether it is administratively up (IFF_UP).</summary>
    public bool IsUp { get; init; }

    /// <summary>The UDP port on which the kernel itself listens for this interface's tunnel; null where it has none.</summary>
    public int? TunnelPort { get; init; }

    /// <summary>Whether an XDP program sees its packets before all rules (IFLA_XDP).</summary>
    public bool HasXdp { get; init; }

    /// <summary>Whether traffic control has filters for what comes in by it (tc(8)).</summary>
    public bool HasClassifier { get; init; }

    /// <summary>Whether IPv4 packets for others that come in by it are passed on (net.ipv4.conf.NAME.forwarding); null where it is not known.</summary>
    public bool? Forwards4 { get; init; }

    /// <summary>
    /// Whether IPv6 packets for others that come in by it are passed on: net.ipv6.conf.all.forwarding, or since Linux 6.17 its own
    /// force_forwarding; null where it is not known.
    /// </summary>
    public bool? Forwards6 { get; init; }

    /// <summary>The addresses, sorted.</summary>
    public ImmutableArray<IpAddress> Addresses { get; init; } = [];
}
