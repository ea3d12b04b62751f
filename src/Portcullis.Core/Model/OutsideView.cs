using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What packets from elsewhere found at one address of this host.</summary>
public sealed record OutsideView
{
    /// <summary>Who asked: "admin@web2", "netns:lab".</summary>
    public required string From { get; init; }

    /// <summary>
    /// Whether not this host was asked but a twin of it: a network namespace with the same interfaces and rules, where something listens
    /// on the same ports. Then the rules are proved, and nothing else of this host.
    /// </summary>
    public bool IsTwin { get; init; }

    /// <summary>The address that was asked.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>From where the packets came in; null where that is not known.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>To which address they came in, which differs from the one asked where something in front translates; null where that is not known.</summary>
    public IpAddress? Destination { get; init; }

    /// <summary>The interface by which they came in; null where that is not known.</summary>
    public string? Interface { get; init; }

    /// <summary>The ports, sorted by protocol and number; those that were not asked are in none.</summary>
    public required ImmutableArray<SeenPorts> Ports { get; init; }
}
