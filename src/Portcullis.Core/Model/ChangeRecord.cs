using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A change of this machine, as its journal tells of it.</summary>
public sealed record ChangeRecord
{
    /// <summary>Its name: when it was made and by which plan, "20261122-113012-a93149d12df5"; names sort by time.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's.</summary>
    public required string Plan { get; init; }

    /// <summary>The policy that it carries out.</summary>
    public required string Policy { get; init; }

    /// <summary>Who made it: an account's name.</summary>
    public required string By { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it does, a sentence a step.</summary>
    public required ImmutableArray<string> Effects { get; init; }

    /// <summary>How long it waits for its confirmation.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Which run of the machine it was made in (random(4), boot_id).</summary>
    public required string Boot { get; init; }

    /// <summary>The network namespace that it changes, as /proc names it: "net:[4026531840]".</summary>
    public required string Network { get; init; }

    /// <summary>The way by which its maker had come; null where it was none over the network.</summary>
    public RemoteSession? Session { get; init; }

    /// <summary>What happened to it.</summary>
    public ImmutableArray<ChangeEvent> Events { get; init; } = [];

    /// <summary>What was decided of it; null where nothing was.</summary>
    public ChangeOutcome? Outcome { get; init; }
}
