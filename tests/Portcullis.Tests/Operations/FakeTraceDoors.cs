using System;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Operations;

/// <summary>Opens the doors that a test made.</summary>
/// <param name="packets">Makes the door for packets; null where these cannot be seen.</param>
/// <param name="connection">The ordinary connection.</param>
internal sealed class FakeTraceDoors(Func<IPacketDoor?> packets, IConnectionDoor? connection = null) : ITraceDoors
{
    public IPacketDoor? OpenPackets(IpAddress target, ushort port, int ports, ushort firstPort, out Gap? gap)
    {
        IPacketDoor? door = packets();
        gap = door is null ? new Gap("the packets of the connection", "not root", "run with sudo") : null;
        return door;
    }

    public IConnectionDoor OpenConnection(IpAddress target, ushort port) => connection ?? throw new ProbeException("no connection was prepared");
}
