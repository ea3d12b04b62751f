using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A program, or the owner, whose firewall rules are loaded, or would be.</summary>
public sealed record RuleWriter
{
    /// <summary>The program's name; for the owner "own rules".</summary>
    public required string Name { get; init; }

    /// <summary>What the rules are for.</summary>
    public required RuleWriterKind Kind { get; init; }

    /// <summary>The tables in which rules of its are loaded, such as "ip filter", sorted; empty where none are known to be.</summary>
    public ImmutableArray<string> Tables { get; init; } = [];

    /// <summary>Whether rules of its are loaded; null where the rules were not read.</summary>
    public bool? Loaded { get; init; }

    /// <summary>Whether rules of its keep packets from this host at present.</summary>
    public bool KeepsOut { get; init; }

    /// <summary>Whether its unit, or one of those that load its rules, is active; null where that is not known.</summary>
    public bool? Running { get; init; }

    /// <summary>Whether its rules are loaded when the machine starts; null where that is not known.</summary>
    public bool? AtBoot { get; init; }
}
