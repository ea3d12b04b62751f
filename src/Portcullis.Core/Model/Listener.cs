using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>
/// One place where a machine takes in packets from strangers: a bound address and port with whoever holds it. Several
/// sockets that share the place (SO_REUSEPORT) and the holder are one listener.
/// </summary>
public sealed record Listener
{
    /// <summary>
    /// Its stable name, "protocol/scope/family/port/holder", with the namespace in front where that is not the host's. Never a PID in it.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The bound address, IPv4-mapped ones as IPv4; null for packet sockets.</summary>
    public required IpAddress? Address { get; init; }

    /// <summary>0 to 65535; for raw sockets the IP protocol number, for packet sockets 0.</summary>
    public required int Port { get; init; }

    /// <summary>The name of the bound interface; null for all.</summary>
    public required string? Interface { get; init; }

    /// <summary>How far the address can be heard.</summary>
    public required Scope Scope { get; init; }

    /// <summary>What traffic it takes.</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>The name of its network namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The stable name of its holder: unit, else package, else path of the executable, else "kernel" or "unknown".</summary>
    public required Holder Holder { get; init; }

    /// <summary>What the port is for.</summary>
    public required ServiceFacts Service { get; init; }

    /// <summary>The processes that hold it, by PID.</summary>
    public ImmutableArray<ProcessFacts> Processes { get; init; } = [];

    /// <summary>The unit it belongs to; null for none.</summary>
    public UnitFacts? Unit { get; init; }

    /// <summary>The socket unit that opened it for the service; null for none, or where that is itself the <see cref="Unit"/>.</summary>
    public string? ActivatedBy { get; init; }

    /// <summary>The package it belongs to; null for none, or not found out.</summary>
    public PackageFacts? Package { get; init; }

    /// <summary>The container it belongs to, or into which the port is forwarded; null for none.</summary>
    public ContainerFacts? Container { get; init; }

    /// <summary>The publication that this listener stands for; null for none.</summary>
    public PublishedPort? Published { get; init; }

    /// <summary>For which service a super-server holds it; null for none.</summary>
    public SuperServerEntry? SuperServer { get; init; }

    /// <summary>What in the kernel has it: "vxlan tunnel" and the like, or the name of a service ("nfsd"); null where a process has, or nobody was seen.</summary>
    public string? Kernel { get; init; }

    /// <summary>The number of sockets that share the place, 1 and up.</summary>
    public int Sockets { get; init; } = 1;

    /// <summary>
    /// SO_REUSEPORT: whether further sockets of the same user may share the place (socket(7)). True where any of its sockets has
    /// it set; null where it is not known of all.
    /// </summary>
    public bool? ReusePort { get; init; }

    /// <summary>The user id that made the socket.</summary>
    public uint Uid { get; init; }

    /// <summary>Connections or bytes that wait, over all its sockets.</summary>
    public uint Queue { get; init; }

    /// <summary>The most connections that may wait on one socket; null for what is not connection-oriented.</summary>
    public uint? Backlog { get; init; }

    /// <summary>For a packet socket the EtherType; else null.</summary>
    public int? LinkProtocol { get; init; }

    /// <summary>For a packet socket the length of its filter; else null.</summary>
    public int? FilterLength { get; init; }

    /// <summary>The BPF programs of control groups that see what comes in to it, whose packets they may drop.</summary>
    public ImmutableArray<PacketProgram> Programs { get; init; } = [];

    /// <summary>Who reaches it through the firewall, a zone each; empty where that was not worked out.</summary>
    public ImmutableArray<Exposure> Exposure { get; init; } = [];

    /// <summary>What packets from elsewhere found of that; empty where none were sent.</summary>
    public ImmutableArray<Proof> Proofs { get; init; } = [];

    /// <summary>Whether a role or an exception allows it; null where no policy says so, or the policy does not speak of its namespace.</summary>
    public bool? Expected { get; init; }

    /// <summary>The role that allows it, or "exception"; null for none.</summary>
    public string? Role { get; init; }

    /// <summary>The role's service that it is, or the exception's name; null for none.</summary>
    public string? RoleService { get; init; }

    /// <summary>Why it may be there; null where nothing allows it.</summary>
    public Approval? Approval { get; init; }
}
