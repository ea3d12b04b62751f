using System;

namespace Portcullis.Core.Model;

/// <summary>The way by which whoever runs the program has come to this machine.</summary>
/// <param name="Peer">From where.</param>
/// <param name="PeerPort">The TCP port there: another one is another connection.</param>
/// <param name="Port">The TCP port here.</param>
public sealed record RemoteSession(IpAddress Peer, int PeerPort, int Port)
{
    /// <summary>When its first process was started, since the machine's start; null where that is not known.</summary>
    public TimeSpan? Since { get; init; }
}
