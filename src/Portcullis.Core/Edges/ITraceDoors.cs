using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Opens the ways to see a connection packet by packet.</summary>
public interface ITraceDoors
{
    /// <summary>Opens the way for packets of one connection.</summary>
    /// <param name="target">The peer.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="ports">How many ports of ours, next to each other: 1 to 16.</param>
    /// <param name="firstPort">The first of them, where these are still free; 0 where any will do.</param>
    /// <param name="gap">Why packets cannot be sent or seen here; null where they can.</param>
    /// <returns>The way; null where there is a gap.</returns>
    /// <exception cref="ProbeException">There is no way to this target for anybody.</exception>
    IPacketDoor? OpenPackets(IpAddress target, ushort port, int ports, ushort firstPort, out Gap? gap);

    /// <summary>Makes an ordinary connection, of which only beginning, data and end can be seen.</summary>
    /// <param name="target">The peer.</param>
    /// <param name="port">The peer's port.</param>
    /// <exception cref="ProbeException">There is no way to this target for anybody.</exception>
    IConnectionDoor OpenConnection(IpAddress target, ushort port);
}
