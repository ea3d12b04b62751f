using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What a trace of one port showed.</summary>
public sealed record TraceReport
{
    /// <summary>How many bytes of what the peer sends are kept.</summary>
    public const int MostData = 65_536;

    /// <summary>The target as it was asked for: a name or an address.</summary>
    public required string Target { get; init; }

    /// <summary>Its address.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>Its port.</summary>
    public required ushort Port { get; init; }

    /// <summary>Our address; null without packets.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>Our port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>What it came to.</summary>
    public TraceVerdict Verdict { get; init; }

    /// <summary>The same in one sentence.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>The packets, by time.</summary>
    public ImmutableArray<TracedPacket> Packets { get; init; } = [];

    /// <summary>For each of them a line that says in plain words what it is for.</summary>
    public ImmutableArray<string> Explanations { get; init; } = [];

    /// <summary>Their bytes, in the same order.</summary>
    public ImmutableArray<CapturedPacket> Captured { get; init; } = [];

    /// <summary>Why just that was sent to it, or nothing, in a sentence; null where the user said what, or no connection stood.</summary>
    public string? RequestReason { get; init; }

    /// <summary>What the peer sent, at most its first <see cref="MostData"/> bytes.</summary>
    public ImmutableArray<byte> Data { get; init; } = [];

    /// <summary>The way there; empty where it was not asked for.</summary>
    public ImmutableArray<RouteHop> Path { get; init; } = [];

    /// <summary>The ways there, where the network balances between several.</summary>
    public ImmutableArray<RoutePath> Paths { get; init; } = [];

    /// <summary>The first of our ports from which the way was looked for, one a flow; 0 where it was not.</summary>
    public ushort PathPort { get; init; }

    /// <summary>What could not be seen.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>Whether nothing is missing.</summary>
    public bool Complete => Gaps.IsEmpty;

    /// <summary>Whether it was ended before its time.</summary>
    public bool WasInterrupted { get; init; }
}
