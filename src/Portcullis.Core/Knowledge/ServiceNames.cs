using System;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>The names that stand for ports in a table.</summary>
public static class ServiceNames
{
    // Port 30017 is not "a Kubernetes service" to anybody who did not install Kubernetes: wide ranges explain, but do not name.
    private const int WidestNamingRange = 64;

    /// <summary>
    /// The name a person would use: the usual one where the registry's misleads (9090 is "prometheus", not "websm"), else the
    /// registered one.
    /// </summary>
    /// <param name="port">The port, 0 to 65535; for <see cref="Protocol.Raw"/> the IP protocol's number, 0 to 255.</param>
    /// <param name="protocol">The protocol; UDP-Lite uses UDP's names (RFC 3828 section 7).</param>
    /// <returns>The name; null where nobody has given one, and for packet sockets.</returns>
    public static string? Of(int port, Protocol protocol)
    {
        if (protocol == Protocol.Raw)
            return IpProtocols.NameOf(port);

        ReadOnlySpan<byte> name = ProtocolNames.InRegistry(protocol);
        if (name.IsEmpty)
            return null;

        PortTable table = PortKnowledge.Table;
        int row = table.Find(port, name);
        bool names = row >= 0 && table.Ports(row)?.Count <= WidestNamingRange;
        return names ? table.Name(row) : Registry.Lookup(port, protocol)?.Name;
    }
}
