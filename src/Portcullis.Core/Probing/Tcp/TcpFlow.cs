using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>What a connection is known by: both ends, seen from ours.</summary>
/// <param name="Source">Our address.</param>
/// <param name="SourcePort">Our port.</param>
/// <param name="Destination">The peer's address, of the same version.</param>
/// <param name="DestinationPort">The peer's port.</param>
public readonly record struct TcpFlow(IpAddress Source, ushort SourcePort, IpAddress Destination, ushort DestinationPort)
{
    /// <summary>The same connection, seen from the other end.</summary>
    public TcpFlow Reverse => new(Destination, DestinationPort, Source, SourcePort);
}
