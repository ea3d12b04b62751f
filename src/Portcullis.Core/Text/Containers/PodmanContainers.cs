using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Portcullis.Core.Text.Containers;

/// <summary>The names of containers out of containers.json of containers-storage, which Podman, Buildah and CRI-O use.</summary>
/// <param name="Names">Name by id.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record PodmanContainers(IReadOnlyDictionary<string, string> Names, string? Error)
{
    /// <summary>Reads the file; it never throws.</summary>
    public static PodmanContainers Parse(ReadOnlyMemory<byte> json)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Json.Options);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return new PodmanContainers(names, "it is no list");
            }

            string? error = null;
            foreach (JsonElement container in document.RootElement.EnumerateArray())
            {
                string? name = Json.Member(container, "names") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray().Select(static one => Json.Text(one)).FirstOrDefault() : null;
                if (Json.Text(Json.Member(container, "id")) is not string id)
                {
                    error ??= "it has a container without an id";
                }
                else if (!string.IsNullOrEmpty(name))
                {
                    names.TryAdd(id, name);
                }
            }

            return new PodmanContainers(names, error);
        }
        catch (JsonException error)
        {
            return new PodmanContainers(names, $"it is no JSON: line {error.LineNumber + 1}");
        }
    }
}
