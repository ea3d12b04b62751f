using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What is to be done so that a machine shows no more than its policy allows: data, before it is an act.</summary>
public sealed record Plan
{
    /// <summary>Its name: the same for the same steps on the same state, 12 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The policy that it carries out.</summary>
    public required string Policy { get; init; }

    /// <summary>The steps, in the order in which they are to be made; empty where nothing is to be done.</summary>
    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>The packets that fare otherwise once they are made, as it claims.</summary>
    public required ReachDifference Difference { get; init; }

    /// <summary>Who reaches what then.</summary>
    public required ReachReport After { get; init; }

    /// <summary>Why it must not be carried out, in a sentence with the way out; null where it may.</summary>
    public string? Refused { get; init; }

    /// <summary>Whether that is because a new connection over the user's present way would not get in.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>What could not be seen or is left undone.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>Whether nothing was left out.</summary>
    public bool Complete => Gaps.IsEmpty;
}
