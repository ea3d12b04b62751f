using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One socket that takes packets in from strangers, as the kernel reports it.</summary>
public sealed record SocketFacts
{
    /// <summary>The inode of the network namespace it lives in.</summary>
    public required ulong Namespace { get; init; }

    /// <summary>The protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The address it is bound to; null for a packet socket.</summary>
    public required IpAddress? Address { get; init; }

    /// <summary>0 to 65535; for raw sockets the IP protocol number, for packet sockets 0.</summary>
    public required int Port { get; init; }

    /// <summary>The index of the interface it is bound to; 0 for all.</summary>
    public int Interface { get; init; }

    /// <summary>IPV6_V6ONLY; null where the kernel does not say or it has no meaning.</summary>
    public bool? V6Only { get; init; }

    /// <summary>The inode in sockfs by which descriptors name it; 0 where no file ever stood for it.</summary>
    public required ulong Inode { get; init; }

    /// <summary>The kernel's lifelong number of the socket (SO_COOKIE); 0 where the source does not tell.</summary>
    public ulong Cookie { get; init; }

    /// <summary>The user who made it.</summary>
    public uint Uid { get; init; }

    /// <summary>Connections waiting to be accepted (TCP), or bytes waiting to be read.</summary>
    public uint Queue { get; init; }

    /// <summary>The most connections that may wait (listen(2)); null for what is not connection-oriented.</summary>
    public uint? Backlog { get; init; }

    /// <summary>The id of the control group it was made in (the inode of its cgroup2 directory); null where the kernel does not say.</summary>
    public ulong? CgroupId { get; init; }

    /// <summary>For a packet socket: the EtherType it asked for, 3 (ETH_P_ALL) for all.</summary>
    public int? LinkProtocol { get; init; }

    /// <summary>For a packet socket: the number of instructions of its filter; 0 for none, null where it could not be read.</summary>
    public int? FilterLength { get; init; }

    /// <summary>SO_REUSEPORT: other sockets of the same user may share the place if they set it too (socket(7)); null where it is not known.</summary>
    public bool? ReusePort { get; init; }

    /// <summary>The PIDs of the processes that hold a descriptor of it, ascending; empty where none was seen.</summary>
    public ImmutableArray<int> Holders { get; init; } = [];
}
