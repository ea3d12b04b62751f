using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>The sockets of the machine that take packets in from strangers, in every network namespace, with their holders.</summary>
public interface ISockets
{
    /// <summary>Reads them all.</summary>
    SocketInventory Read();

    /// <summary>Counts the TCP connections that some ports of the host's own namespace have now.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="host">The namespace, with its addresses.</param>
    PeerInventory Peers(IReadOnlyCollection<int> ports, NetworkNamespace host);
}

/// <summary>Connections by port, and what could not be seen of them.</summary>
/// <param name="Peers">Ports that have any, ascending; null where nothing could be asked.</param>
/// <param name="Gaps">What could not be seen.</param>
public sealed record PeerInventory(ImmutableArray<PeerCount>? Peers, ImmutableArray<Gap> Gaps);

/// <summary>Namespaces, sockets, and what could not be seen of them.</summary>
/// <param name="Namespaces">Every network namespace once; named only where the name is its own (the host's, or one under /run/netns), else with an empty name.</param>
/// <param name="Sockets">The sockets, in no particular order.</param>
/// <param name="HoldersComplete">Whether the descriptors of every process were read, so that a socket without holder truly has none.</param>
/// <param name="Gaps">What could not be seen.</param>
public sealed record SocketInventory(
    ImmutableArray<NetworkNamespace> Namespaces, ImmutableArray<SocketFacts> Sockets, bool HoldersComplete, ImmutableArray<Gap> Gaps)
{
    /// <summary>
    /// Whether these were the processes of the whole machine, and not those of one PID namespace, and its first process let itself be
    /// looked into; null where that is not known.
    /// </summary>
    public bool? IsWholeMachine { get; init; }

    /// <summary>The BPF programs of control groups that see what comes in to the sockets made in them; null where they were not asked for.</summary>
    public ImmutableArray<PacketProgram>? GroupPrograms { get; init; }
}
