using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One change of the machine, with all that is needed to judge it before it is made.</summary>
public sealed record PlanStep
{
    /// <summary>Its number, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>What kind of change it is.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>What it changes: a table, a unit.</summary>
    public required string Subject { get; init; }

    /// <summary>The findings that it mends, by their numbers; sorted.</summary>
    public required ImmutableArray<string> Why { get; init; }

    /// <summary>What is so once it is made, in a sentence.</summary>
    public required string Effect { get; init; }

    /// <summary>How it is taken back, in a sentence.</summary>
    public required string Undo { get; init; }

    /// <summary>What may go wrong.</summary>
    public required StepRisk Risk { get; init; }

    /// <summary>What is handed to the tool that makes it, word for word.</summary>
    public required string Script { get; init; }
}
