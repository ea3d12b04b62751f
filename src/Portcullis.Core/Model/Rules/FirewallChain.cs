using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A list of rules. A base chain hangs at a hook; any other is gone through only where a rule jumps to it.</summary>
public sealed record FirewallChain
{
    /// <summary>Its name, unique in its table.</summary>
    public required string Name { get; init; }

    /// <summary>Where it hangs; null for one that is only jumped to.</summary>
    public BaseHook? Hook { get; init; }

    /// <summary>The rules, first to last.</summary>
    public ImmutableArray<FirewallRule> Rules { get; init; } = [];
}
