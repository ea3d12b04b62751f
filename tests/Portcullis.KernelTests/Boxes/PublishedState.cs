using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json;

namespace Portcullis.KernelTests.Boxes;

/// <summary>One way in which guests' services were published: what connections did, and what Portcullis said.</summary>
/// <param name="Connections">From where, to which place, and whether it was made.</param>
/// <param name="Reaches">What "reach --json" said for each source.</param>
/// <param name="Audit">The audit, where the server itself got to a guest behind virbr0; else null.</param>
/// <param name="Tables">The tables of nf_tables.</param>
internal sealed record PublishedState(
    ImmutableArray<(string Source, string Place, bool IsOpen)> Connections, IReadOnlyDictionary<string, JsonElement> Reaches, ReportedAudit? Audit, string Tables)
{
    /// <summary>The places that a source got to.</summary>
    internal string[] Open(string source) => [.. Connections.Where(one => one.Source == source && one.IsOpen).Select(one => one.Place)];

    /// <summary>The verdicts over packets that come by eth0 from a source to an address and port.</summary>
    internal string[] Verdicts(string source, string place)
    {
        (string address, int port) = (place.Split(':')[0], int.Parse(place.Split(':')[1], CultureInfo.InvariantCulture));
        return
        [
            .. Reaches[source].GetProperty("answers").EnumerateArray()
                .Where(answer => Text(answer, "family") == "ipv4" && Text(answer, "protocol") == "tcp" && Text(answer, "interface") is null or "eth0"
                    && Text(answer, "ports")!.Split(',').Any(range => Holds(range, port))
                    && (!IPAddress.TryParse(Text(answer, "to"), out IPAddress? to) || to.Equals(IPAddress.Parse(address))))
                .Select(answer => Text(answer, "verdict")!).Distinct(StringComparer.Ordinal),
        ];
    }

    private static bool Holds(string range, int port)
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return port >= ends[0] && port <= ends[^1];
    }

    private static string? Text(JsonElement answer, string name) => answer.GetProperty(name).GetString();
}
