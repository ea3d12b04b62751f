using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A container, as its engine's files describe it, or as only its control group names it.</summary>
public sealed record ContainerFacts
{
    /// <summary>Whose it is: "docker", "podman", "nspawn", "lxc", "containerd", "cri-o" …</summary>
    public required string Engine { get; init; }

    /// <summary>The engine's id; for nspawn and LXC the name.</summary>
    public required string Id { get; init; }

    /// <summary>The name people use; null where it could not be found out.</summary>
    public string? Name { get; init; }

    /// <summary>The inode of its network namespace; null where it could not be found out.</summary>
    public ulong? Namespace { get; init; }

    /// <summary>The ports it publishes on the host.</summary>
    public ImmutableArray<PublishedPort> Published { get; init; } = [];
}
