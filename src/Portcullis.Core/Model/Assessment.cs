using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What Portcullis makes of a <see cref="Snapshot"/>: its listeners, and what is amiss with them.</summary>
public sealed record Assessment
{
    /// <summary>When the facts were taken, UTC.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Which machine.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>The listeners, sorted by key, then address.</summary>
    public required ImmutableArray<Listener> Listeners { get; init; }

    /// <summary>The findings, worst first.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>The policy by which it was judged; null where there is none.</summary>
    public PolicyFacts? Policy { get; init; }

    /// <summary>The roles that the machine seems to have, by name; only where no policy names them.</summary>
    public ImmutableArray<string> LikelyRoles { get; init; } = [];

    /// <summary>Who writes the firewall's rules, and whether they keep anything out.</summary>
    public FirewallState Firewall { get; init; } = new(null, []);

    /// <summary>How much of what it offers the policy allows; null without one, and where that could not be counted.</summary>
    public ServiceCompliance? Services { get; init; }

    /// <summary>What packets from elsewhere found, where that was asked for.</summary>
    public ImmutableArray<OutsideView> Outside { get; init; } = [];

    /// <summary>What could not be checked.</summary>
    public required ImmutableArray<Gap> Gaps { get; init; }

    /// <summary>Whether nothing was left unchecked.</summary>
    public bool Complete => Gaps.IsEmpty;
}
