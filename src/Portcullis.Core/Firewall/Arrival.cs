using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>How packets come to a host: what all those have in common that are looked at together. Each is the first of its connection.</summary>
public sealed record Arrival
{
    /// <summary>IPv4 or IPv6.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>The protocol that IP carries: 6 for TCP, 17 for UDP (IANA "Protocol Numbers").</summary>
    public required byte Protocol { get; init; }

    /// <summary>The interface that they come in by.</summary>
    public required NetworkInterface Interface { get; init; }

    /// <summary>
    /// The interface by which they leave again for another host, which they were sent to; null where they were sent to this one. What rules do
    /// with their destination may change that.
    /// </summary>
    public NetworkInterface? Onward { get; init; }

    /// <summary>Whether they were sent to a group of hosts, by multicast or broadcast, and not to this one alone.</summary>
    public bool IsToGroup { get; init; }

    /// <summary>
    /// The destination ports that will be asked about, 0 to 65535; null for all. What is worked out says nothing of others, and takes so much less where
    /// many rules name others.
    /// </summary>
    public ImmutableArray<int>? Ports { get; init; }

    /// <summary>All interfaces of the namespace.</summary>
    public required ImmutableArray<NetworkInterface> Interfaces { get; init; }

    /// <summary>The routes of the namespace; null where they were not read.</summary>
    public ImmutableArray<NetworkRoute>? Routes { get; init; }

    /// <summary>The BPF programs that decide about packets in the namespace beside the rules.</summary>
    public ImmutableArray<PacketProgram> Programs { get; init; } = [];

    /// <summary>Whether packets for others are passed on that come in by the interface; null where it is not known.</summary>
    public bool? PassesOn => Version == IpVersion.V4 ? Interface.Forwards4 : Interface.Forwards6;

    /// <summary>
    /// Whether every packet is meant and not only the first of a connection: then of interfaces, connections and flags nothing is known, only that
    /// rules that ask the same get the same answer.
    /// </summary>
    internal bool IsEveryPacket { get; init; }

    /// <summary>Whether the protocol has ports.</summary>
    public bool HasPorts => Protocol is 6 or 17 or 33 or 132 or 136;

    /// <summary>Whether the protocol is the ICMP of the version.</summary>
    public bool IsIcmp => Protocol == (Version == IpVersion.V4 ? 1 : 58);
}
