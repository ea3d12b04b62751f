using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>One table with its chains and sets (nft(8), "Tables").</summary>
public sealed record FirewallTable
{
    /// <summary>Which packets come by.</summary>
    public required TableFamily Family { get; init; }

    /// <summary>Its name, unique in its family.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is switched off (the flag "dormant"): its chains then hang at no hook.</summary>
    public bool IsDormant { get; init; }

    /// <summary>The chains.</summary>
    public ImmutableArray<FirewallChain> Chains { get; init; } = [];

    /// <summary>The named and anonymous sets and maps.</summary>
    public ImmutableArray<FirewallSet> Sets { get; init; } = [];
}
