using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>Why a listener may be there: what a register of approved ports has to say beside the port.</summary>
public sealed record Approval
{
    /// <summary>The reason: the exception's, or what the role's service is for; null where nothing was said.</summary>
    public string? Reason { get; init; }

    /// <summary>Who answers for it; null where nobody was named.</summary>
    public string? Owner { get; init; }

    /// <summary>The last day on which it holds, UTC; null for ever.</summary>
    public DateOnly? Expires { get; init; }

    /// <summary>The names of the zones that may reach it.</summary>
    public ImmutableArray<string> From { get; init; } = [];
}
