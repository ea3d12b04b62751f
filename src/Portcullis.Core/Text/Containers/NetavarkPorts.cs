using System;
using System.Collections.Immutable;
using System.Text.Json;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Containers;

/// <summary>
/// What netavark (1.10 and later), Podman's network program, keeps in /run/containers/networks/firewall/ports of a container
/// in one network, so that it can set up the firewall again: seen with 1.14.
/// </summary>
/// <param name="Id">The container's id; null where the file has none.</param>
/// <param name="Published">The ports it publishes; each range as the ports in it.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record NetavarkPorts(string? Id, ImmutableArray<PublishedPort> Published, string? Error)
{
    private const int Most = 65536;

    /// <summary>Reads the file; it never throws.</summary>
    public static NetavarkPorts Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Json.Options);
            return Read(document.RootElement);
        }
        catch (JsonException error)
        {
            return new NetavarkPorts(null, [], $"it is no JSON: line {error.LineNumber + 1}");
        }
    }

    private static NetavarkPorts Read(JsonElement root)
    {
        string? id = Json.Text(Json.Member(root, "container_id"));
        string? error = id is null ? "it has no container_id" : null;
        ImmutableArray<PublishedPort>.Builder ports = ImmutableArray.CreateBuilder<PublishedPort>();
        if (Json.Member(root, "port_mappings") is { ValueKind: JsonValueKind.Array } all)
        {
            foreach (JsonElement mapping in all.EnumerateArray())
            {
                error = (Take(mapping, ports) ? null : "port_mappings has an entry of another form") ?? error;
            }
        }

        return new NetavarkPorts(id, ports.ToImmutable(), error);
    }

    // {"container_port":80,"host_ip":"","host_port":8090,"protocol":"tcp","range":1}
    private static bool Take(JsonElement mapping, ImmutableArray<PublishedPort>.Builder ports)
    {
        string? host = Json.Text(Json.Member(mapping, "host_ip"));
        IpAddress address = IpAddress.AnyV4;
        int range = Number(mapping, "range") ?? 1;
        if (PortBinding.ProtocolOf(Json.Text(Json.Member(mapping, "protocol"))) is not Protocol protocol
            || Number(mapping, "host_port") is not int port || Number(mapping, "container_port") is not int inside
            || Math.Max(port, inside) + range - 1 > 65535 || ports.Count + range > Most
            || host is null || (host.Length > 0 && !IpAddress.TryParse(host, out address)))
        {
            return false;
        }

        for (int at = 0; at < range; at++)
        {
            ports.Add(new PublishedPort(protocol, address, port + at, inside + at));
        }

        return true;
    }

    private static int? Number(JsonElement mapping, string name) =>
        Json.Member(mapping, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number is > 0 and <= 65535 ? number : null;
}
