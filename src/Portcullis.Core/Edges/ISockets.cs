using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>The sockets of the machine that take packets in from strangers, in every network namespace, with their holders.</summary>
public interface ISockets
{
    /// <summary>Reads them all.</summary>
    SocketInventory Read();
}

/// <summary>Namespaces, sockets, and what could not be seen of them.</summary>
/// <param name="Namespaces">Every network namespace once; named only where the name is its own (the host's, or one under /run/netns), else with an empty name.</param>
/// <param name="Sockets">The sockets, in no particular order.</param>
/// <param name="HoldersComplete">Whether the descriptors of every process were read, so that a socket without holder truly has none.</param>
/// <param name="Gaps">What could not be seen.</param>
public sealed record SocketInventory(
    ImmutableArray<NetworkNamespace> Namespaces, ImmutableArray<SocketFacts> Sockets, bool HoldersComplete, ImmutableArray<Gap> Gaps);
