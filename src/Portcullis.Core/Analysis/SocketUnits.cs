using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Finds the systemd socket unit that a socket held by the service manager belongs to, by its Listen… settings.</summary>
internal sealed class SocketUnits
{
    private readonly List<Listen> _listens = [];

    internal SocketUnits(ImmutableArray<UnitFacts> units)
    {
        foreach (UnitFacts unit in units.Where(unit => unit.Name.EndsWith(".socket", StringComparison.Ordinal)))
        {
            foreach (string listen in unit.Listens)
            {
                if (TryParse(listen, out Protocol protocol, out IpAddress? address, out int port))
                {
                    _listens.Add(new Listen(protocol, address, port, unit));
                }
            }
        }
    }

    private sealed record Listen(Protocol Protocol, IpAddress? Address, int Port, UnitFacts Unit);

    /// <summary>The unit that asks for this socket, the more exact address before a bare port; null for none.</summary>
    internal UnitFacts? For(SocketFacts socket) =>
        Match(socket, static (socket, address) => address == socket.Address)
        ?? Match(socket, static (socket, address) => address is null && socket.Address is { IsAny: true });

    private UnitFacts? Match(SocketFacts socket, Func<SocketFacts, IpAddress?, bool> fits) =>
        _listens.Find(listen => listen.Protocol == socket.Protocol && listen.Port == socket.Port && fits(socket, listen.Address))?.Unit;

    /// <summary>Reads "ListenStream=VALUE" where the value is a port, an address and port, or either with "%interface" (systemd.socket(5)).</summary>
    internal static bool TryParse(string listen, out Protocol protocol, out IpAddress? address, out int port)
    {
        protocol = default;
        address = null;
        port = 0;
        int equals = listen.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return false;
        }

        Protocol? kind = listen[..equals] switch
        {
            "ListenStream" => Protocol.Tcp,
            "ListenDatagram" => Protocol.Udp,
            _ => null,
        };
        string value = listen[(equals + 1)..].Trim();
        int percent = value.IndexOf('%', StringComparison.Ordinal);
        value = percent < 0 ? value : value[..percent];
        int colon = value.LastIndexOf(':');
        string host = colon < 0 ? "" : value[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        if (kind is not Protocol known
            || !int.TryParse(value[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65535)
        {
            return false;
        }

        protocol = known;
        if (host.Length == 0)
        {
            return colon < 0;
        }

        bool parsed = IpAddress.TryParse(host, out IpAddress exact);
        address = exact;
        return parsed;
    }
}
