using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary>A policy that would make the present state of a machine pass, with what speaks against it.</summary>
public sealed record PolicyDraft
{
    /// <summary>The roles that the machine seems to have.</summary>
    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>The listeners that the roles allow.</summary>
    public required ImmutableArray<DraftLine> Allowed { get; init; }

    /// <summary>The listeners that need an exception.</summary>
    public required ImmutableArray<DraftLine> Exceptions { get; init; }

    /// <summary>Findings that are about no listener: services that the roles need and nothing gives, and settings.</summary>
    public required ImmutableArray<Finding> Others { get; init; }

    /// <summary>What was not seen, so that the draft cannot speak of it.</summary>
    public required ImmutableArray<Gap> Gaps { get; init; }
}
