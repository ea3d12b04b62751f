using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What a scan of one target found.</summary>
public sealed record ScanReport
{
    /// <summary>The target as it was asked for: a name or an address.</summary>
    public required string Target { get; init; }

    /// <summary>Its address.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>The address that probes were sent from; null where none were, or it was not told.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>By what probes its TCP ports were asked; null where none were.</summary>
    public ProbeKind? Method { get; init; }

    /// <summary>The ports, all that were asked, by protocol and number.</summary>
    public ImmutableArray<ScannedPort> Ports { get; init; } = [];

    /// <summary>What could not be found out, or cannot be relied on.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>Whether nothing is missing.</summary>
    public bool Complete => Gaps.IsEmpty;

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>How many packets (or connections, without privileges) went out.</summary>
    public long PacketsSent { get; init; }

    /// <summary>The share of probes that were lost on the way there or back, 0 to 1, cautiously; null where nothing answered.</summary>
    public double? Loss { get; init; }

    /// <summary>The most probes that a TCP port got before it was called silent; 0 where none was.</summary>
    public int ProbesForSilence { get; init; }

    /// <summary>
    /// The chance that an open TCP port among the silent ones was missed by loss alone; 0 where none is silent, null where that is not
    /// known: nothing answered, or silence may have other reasons.
    /// </summary>
    public double? MissChance { get; init; } = 0;

    /// <summary>Whether the scan was ended before its time.</summary>
    public bool WasInterrupted { get; init; }
}
