using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>One rule: its steps are taken one after the other until one does not hold or ends it.</summary>
public sealed record FirewallRule
{
    /// <summary>The kernel's number for it, unique in its table; null where the source has none.</summary>
    public ulong? Handle { get; init; }

    /// <summary>Its place in its chain, from 1, where rules are known by that (iptables -L --line-numbers); else null.</summary>
    public int? Number { get; init; }

    /// <summary>The steps.</summary>
    public required ImmutableArray<RuleStep> Steps { get; init; }

    /// <summary>The comment that its author wrote; null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>The rule as its author wrote it, where the source is text; null where it comes from the kernel.</summary>
    public string? Text { get; init; }
}
