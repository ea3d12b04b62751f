using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Policy;

/// <summary>An exception from the roles: somebody allows something, for a reason, perhaps for a time.</summary>
public sealed record Allowance
{
    /// <summary>What the policy calls it: "service postgresql", "port 5432/tcp" or "key …".</summary>
    public required string Name { get; init; }

    /// <summary>The ports; empty where a <see cref="Key"/> names the subject.</summary>
    public ImmutableArray<ServicePort> Ports { get; init; } = [];

    /// <summary>The subject of findings that it accepts, such as a listener's key; null where ports are named.</summary>
    public string? Key { get; init; }

    /// <summary>The zones that may reach it; never empty.</summary>
    public required ImmutableArray<string> From { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who answers for it; null where nobody was named.</summary>
    public string? Owner { get; init; }

    /// <summary>The last day on which it holds, UTC; null for ever.</summary>
    public DateOnly? Expires { get; init; }

    /// <summary>The line in the policy file, from 1; 0 where it came from none.</summary>
    public int Line { get; init; }

    /// <summary>Whether it held at the time.</summary>
    /// <param name="at">The time, UTC.</param>
    public bool HoldsAt(DateTimeOffset at) => Expires is not DateOnly last || DateOnly.FromDateTime(at.UtcDateTime) <= last;

    /// <summary>Whether it speaks of the listener.</summary>
    public bool Covers(Listener listener) => Key is string key
        ? key == listener.Key
        : listener.Namespace == NetworkNamespace.HostName && Ports.Any(one => one.Includes(listener.Protocol, listener.Port));
}
