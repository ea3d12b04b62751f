using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json;

namespace Portcullis.KernelTests.Boxes;

/// <summary>One state of a server's firewall: what connections did, and what Portcullis said of them.</summary>
/// <param name="Connections">What was tried, by port, then source.</param>
/// <param name="Reaches">What "reach --json" said for each source.</param>
/// <param name="Writers">The writers of rules, as the audit tells them.</param>
/// <param name="Findings">Its findings: "PC6001 host/tcp/8080".</param>
public sealed record GeneratedState(
    ImmutableArray<Connection> Connections, IReadOnlyDictionary<string, JsonElement> Reaches, ImmutableArray<string> Writers, ImmutableArray<string> Findings)
{
    /// <summary>The verdicts over packets that come by eth0 from a source to a port of the server's address.</summary>
    public IReadOnlyList<string> Verdicts(string source, int port) =>
    [
        .. Reaches[source].GetProperty("answers").EnumerateArray()
            .Where(answer => Text(answer, "family") == (IPAddress.Parse(source).AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4")
                && Text(answer, "protocol") == "tcp" && Text(answer, "interface") is null or "eth0" && Holds(Text(answer, "ports")!, port) && IsForServer(Text(answer, "to")!))
            .Select(answer => Text(answer, "verdict")!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static bool IsForServer(string to) => !IPAddress.TryParse(to, out IPAddress? address) || to.Contains(':', StringComparison.Ordinal) && to.Contains('.', StringComparison.Ordinal)
        || address.Equals(IPAddress.Parse(Lab.Box.Address4)) || address.Equals(IPAddress.Parse(Lab.Box.Address6));

    private static bool Holds(string ports, int port) => ports.Split(',').Any(range =>
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return port >= ends[0] && port <= ends[^1];
    });

    private static string? Text(JsonElement answer, string name) => answer.GetProperty(name).GetString();
}

/// <summary>A connection that was tried.</summary>
/// <param name="Source">From which address.</param>
/// <param name="Port">To which port.</param>
/// <param name="IsOpen">Whether it was made.</param>
public sealed record Connection(string Source, int Port, bool IsOpen);
