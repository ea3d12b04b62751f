using System;
using System.Text.Json;

namespace Portcullis.Core.Text.Containers;

/// <summary>What matters here of dockerd's settings, /etc/docker/daemon.json.</summary>
/// <param name="DataRoot">Where it keeps its containers; null for the default.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record DockerSettings(string? DataRoot, string? Error)
{
    /// <summary>Reads the file; it never throws.</summary>
    public static DockerSettings Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return new DockerSettings(null, null);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Json.Options);

            // "graph" is the name it had before Docker 17.05.
            JsonElement? root = Json.Member(document.RootElement, "data-root") ?? Json.Member(document.RootElement, "graph");
            return root is null ? new DockerSettings(null, document.RootElement.ValueKind == JsonValueKind.Object ? null : "it is no object")
                : Json.Text(root) is string path && path.StartsWith('/') ? new DockerSettings(path.Length > 1 ? path.TrimEnd('/') : path, null)
                : new DockerSettings(null, "data-root is no path");
        }
        catch (JsonException error)
        {
            return new DockerSettings(null, $"it is no JSON: line {error.LineNumber + 1}");
        }
    }
}
