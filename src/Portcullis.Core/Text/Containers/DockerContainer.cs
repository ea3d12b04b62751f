using System;
using System.Collections.Immutable;
using System.Text.Json;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Containers;

/// <summary>What dockerd keeps of one container in containers/ID/config.v2.json. Seen with Docker 20.10 to 28.</summary>
/// <param name="Id">Its id; null where the file has none.</param>
/// <param name="Name">Its name without the leading "/"; null where the file has none.</param>
/// <param name="Running">Whether it runs, as dockerd last wrote.</param>
/// <param name="Pid">The first process inside, in dockerd's PID namespace; null where it does not run.</param>
/// <param name="Published">The ports it publishes on the host.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record DockerContainer(string? Id, string? Name, bool Running, int? Pid, ImmutableArray<PublishedPort> Published, string? Error)
{
    /// <summary>Reads the file. It never throws; what makes no sense is left out and told in <see cref="Error"/>.</summary>
    public static DockerContainer Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Json.Options);
            return Read(document.RootElement);
        }
        catch (JsonException error)
        {
            return new DockerContainer(null, null, false, null, [], $"it is no JSON: line {error.LineNumber + 1}");
        }
    }

    private static DockerContainer Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new DockerContainer(null, null, false, null, [], "it is no object");
        }

        JsonElement? state = Json.Member(root, "State");
        bool? running = Json.Member(state, "Running") is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.ValueKind == JsonValueKind.True : null;
        int? pid = Json.Member(state, "Pid") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int at) && at > 0 ? at : null;
        string? error = running is null ? "it has no State.Running" : null;
        ImmutableArray<PublishedPort>.Builder ports = ImmutableArray.CreateBuilder<PublishedPort>();
        if (Json.Member(Json.Member(root, "NetworkSettings"), "Ports") is { ValueKind: not JsonValueKind.Null } all)
        {
            error ??= ReadPorts(all, ports);
        }

        return new DockerContainer(
            Json.Text(Json.Member(root, "ID")), Json.Text(Json.Member(root, "Name"))?.TrimStart('/') is { Length: > 0 } name ? name : null,
            running ?? false, running == true ? pid : null, ports.ToImmutable(), error);
    }

    // {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "443/tcp": null}
    private static string? ReadPorts(JsonElement all, ImmutableArray<PublishedPort>.Builder ports)
    {
        if (all.ValueKind != JsonValueKind.Object)
        {
            return "NetworkSettings.Ports is no object";
        }

        string? error = null;
        foreach (JsonProperty inside in all.EnumerateObject())
        {
            if (inside.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            string[] key = Json.NameOf(inside).Split('/');
            Protocol? protocol = key.Length == 2 ? PortBinding.ProtocolOf(key[1]) : null;
            if (protocol is null || PortBinding.PortOf(key[0]) is not int port || inside.Value.ValueKind != JsonValueKind.Array)
            {
                error ??= "NetworkSettings.Ports has an entry of another form";
                continue;
            }

            foreach (JsonElement binding in inside.Value.EnumerateArray())
            {
                // An empty address means all; one that is no text is not taken for empty.
                string? host = Json.Member(binding, "HostIp") is JsonElement given ? Json.Text(given) : string.Empty;
                IpAddress address = IpAddress.AnyV4;
                if (PortBinding.PortOf(Json.Text(Json.Member(binding, "HostPort"))) is not int hostPort || host is null || (host.Length > 0 && !IpAddress.TryParse(host, out address)))
                {
                    error ??= "NetworkSettings.Ports has a binding of another form";
                    continue;
                }

                ports.Add(new PublishedPort(protocol.Value, address, hostPort, port));
            }
        }

        return error;
    }
}
