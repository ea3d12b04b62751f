using System.Collections.Immutable;

namespace Portcullis.Core.Firewall;

/// <summary>Which packets are asked about.</summary>
public sealed record ReachQuestion
{
    /// <summary>Their destinations; null for every address.</summary>
    public ImmutableArray<IpBlock>? Destinations { get; init; }

    /// <summary>Their destination ports, ranges of 0 to 65535; null for all.</summary>
    public ImmutableArray<(int First, int Last)>? Ports { get; init; }

    /// <summary>Their sources; null for every address.</summary>
    public ImmutableArray<IpBlock>? Sources { get; init; }

    /// <summary>Whether sources are left out to which answers would leave by other interfaces.</summary>
    public bool IsRouted { get; init; }

    /// <summary>Sources that are not asked about.</summary>
    public ImmutableArray<IpBlock> Except { get; init; } = [];
}
