using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Firewall;

/// <summary>A packet that is sent in a test.</summary>
internal sealed record Packet(IpAddress Source, IpAddress Destination, byte Protocol, int SourcePort, int Port)
{
    /// <summary>The flags of TCP, in which SYN is set and FIN, RST and ACK are not.</summary>
    internal byte Flags { get; init; } = 2;

    internal byte Ttl { get; init; } = 64;

    internal FirstPacket Headers
    {
        get
        {
            FirstPacket made = FirstPacket.Of(Source, Destination, Protocol, SourcePort, Port);
            made = made with { Transport = [.. made.Transport, .. new byte[24 - made.Transport.Length]] }; // with some data behind it
            made = Protocol == 6 ? made with { Transport = made.Transport.SetItem(13, Flags) } : made;
            return Source.Version == IpVersion.V4 ? made with { Network = made.Network.SetItem(8, Ttl) } : made;
        }
    }
}
