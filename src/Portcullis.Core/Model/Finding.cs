using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>Something that a judgement found amiss.</summary>
public sealed record Finding
{
    /// <summary>Its stable id, such as "PC2001".</summary>
    public required string Id { get; init; }

    /// <summary>How much it matters.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One sentence.</summary>
    public required string Title { get; init; }

    /// <summary>What it is about: for a listener exactly its key.</summary>
    public required string Subject { get; init; }

    /// <summary>The facts it rests on.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>One sentence with the command that mends it.</summary>
    public required string Remedy { get; init; }

    /// <summary>The controls of published standards that it bears on, in their usual short spelling, such as "CIS 4.8".</summary>
    public ImmutableArray<string> Controls { get; init; } = [];

    /// <summary>The file that makes it so, such as the unit file that opens a port; null where that is not known.</summary>
    public string? Location { get; init; }
}
