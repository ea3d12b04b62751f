using System.Collections.Immutable;

namespace Portcullis.Core.Policy;

/// <summary>What a machine is for, as the whole list of services that it needs for that.</summary>
public sealed record Role
{
    /// <summary>The role of every machine, always in force: what a bare installed system needs to live in a network.</summary>
    public const string Base = "base";

    /// <summary>Its name, such as "web-server".</summary>
    public required string Name { get; init; }

    /// <summary>What such a machine does, in one sentence; null where nothing was said.</summary>
    public string? Summary { get; init; }

    /// <summary>Its services, those of included roles with them.</summary>
    public required ImmutableArray<RoleService> Services { get; init; }

    /// <summary>The names of the roles that it includes.</summary>
    public ImmutableArray<string> Includes { get; init; } = [];

    /// <summary>Whether such a machine passes on packets of others, as routers and container hosts do.</summary>
    public bool Forwards { get; init; }

    /// <summary>Where its facts are from.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];
}
