using System.Collections.Immutable;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A finding as the contract's JSON tells of it.</summary>
public sealed record ReportedFinding
{
    public required string Id { get; init; }

    public required string Severity { get; init; }

    public required string Subject { get; init; }

    public required string Title { get; init; }

    public required ImmutableArray<string> Evidence { get; init; }

    /// <summary>Whether it is about the stack's switches, which other tests judge.</summary>
    public bool IsAboutStack => Id.StartsWith("PC40", System.StringComparison.Ordinal);
}
