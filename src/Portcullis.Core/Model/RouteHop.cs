using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One step of the way to a port.</summary>
public sealed record RouteHop
{
    /// <summary>How many routers a packet has passed there, from 1.</summary>
    public required int Hop { get; init; }

    /// <summary>Who answered there; more than one where the network balances, none where nobody did.</summary>
    public ImmutableArray<IpAddress> Addresses { get; init; } = [];

    /// <summary>Who answered each flow, in their order; null where nobody did. Empty where the flows are not known apart.</summary>
    public ImmutableArray<IpAddress?> ByFlow { get; init; } = [];

    /// <summary>How many probes were sent there.</summary>
    public int Sent { get; init; }

    /// <summary>How many of them were answered.</summary>
    public int Answered { get; init; }

    /// <summary>Round trips of those that were.</summary>
    public ImmutableArray<TimeSpan> RoundTrips { get; init; } = [];

    /// <summary>Whether missing answers mean lost packets: they go on to the end of the way. Else that router just answers seldom.</summary>
    public bool IsLossReal { get; init; }

    /// <summary>Whether the target itself answered there.</summary>
    public bool IsTarget { get; init; }

    /// <summary>What else a router said, such as that the way is forbidden; null for nothing.</summary>
    public string? Remark { get; init; }
}
