using System;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>The names that the tables and the registry give the transport protocols.</summary>
internal static class ProtocolNames
{
    /// <summary>The name of the protocol whose port numbers a protocol uses; empty for one without ports.</summary>
    /// <param name="protocol">Any protocol.</param>
    public static ReadOnlySpan<byte> InRegistry(Protocol protocol) => protocol switch
    {
        Protocol.Tcp => "tcp"u8,
        // RFC 3828 section 7: UDP-Lite uses the port numbers of UDP.
        Protocol.Udp or Protocol.UdpLite => "udp"u8,
        Protocol.Sctp => "sctp"u8,
        Protocol.Dccp => "dccp"u8,
        Protocol.Raw or Protocol.Packet => [],
        _ => [],
    };

    /// <summary>Reads "tcp", "udp", "sctp" or "dccp".</summary>
    /// <param name="text">Lower-case letters.</param>
    /// <param name="protocol">The protocol; undefined where the answer is no.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out Protocol protocol)
    {
        foreach (Protocol candidate in (ReadOnlySpan<Protocol>)[Protocol.Tcp, Protocol.Udp, Protocol.Sctp, Protocol.Dccp])
        {
            if (text.SequenceEqual(InRegistry(candidate)))
            {
                protocol = candidate;
                return true;
            }
        }

        protocol = default;
        return false;
    }
}
