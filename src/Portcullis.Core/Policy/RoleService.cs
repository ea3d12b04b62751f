using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Policy;

/// <summary>A service that a role needs: its ports, who may reach it, and what it is that holds them.</summary>
public sealed record RoleService
{
    /// <summary>Its name, such as "https".</summary>
    public required string Name { get; init; }

    /// <summary>Its ports; never empty.</summary>
    public required ImmutableArray<ServicePort> Ports { get; init; }

    /// <summary>The zones that may reach it; never empty.</summary>
    public required ImmutableArray<string> From { get; init; }

    /// <summary>The zone that may reach it where the policy defines none of <see cref="From"/>; null where they are always there.</summary>
    public string? Else { get; init; }

    /// <summary>Whether the role is whole without it.</summary>
    public bool Optional { get; init; }

    /// <summary>
    /// The units, packages or programs that may hold its ports, with "*" for any text at the end; empty where anything may that
    /// is not plainly out of place.
    /// </summary>
    public ImmutableArray<string> By { get; init; } = [];

    /// <summary>What it is for; null where nothing was said.</summary>
    public string? Why { get; init; }

    /// <summary>Whether a socket of the protocol on the port is this service's.</summary>
    public bool Includes(Protocol protocol, int port)
    {
        foreach (ServicePort one in Ports)
        {
            if (one.Includes(protocol, port))
            {
                return true;
            }
        }

        return false;
    }
}
