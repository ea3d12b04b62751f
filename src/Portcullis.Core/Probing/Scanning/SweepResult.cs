using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>What a sweep found, and how far it can be relied on.</summary>
public sealed record SweepResult
{
    /// <summary>The ports, in order.</summary>
    public required IReadOnlyList<ScannedPort> Ports { get; init; }

    /// <summary>Whether the sweep came to its end.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>How many probes went out.</summary>
    public required long Sent { get; init; }

    /// <summary>The share of probes that got lost of late, 0 to 1, estimated cautiously; null where nothing answered.</summary>
    public required double? Loss { get; init; }

    /// <summary>The most probes that a port got before it was called silent; 0 where none was.</summary>
    public required int ProbesForSilence { get; init; }

    /// <summary>
    /// The chance that an open port among the silent ones was missed by loss alone: the largest of any, 0 where none is silent, null
    /// where it is not known, or silence has other reasons.
    /// </summary>
    public required double? MissChance { get; init; }

    /// <summary>Whether more than half of many ports are open: something says yes to everything.</summary>
    public required bool IsTarpit { get; init; }

    /// <summary>Whether what had answered did so no more at the end.</summary>
    public required bool WentSilent { get; init; }

    /// <summary>Whether the port that was opened for the purpose was not found.</summary>
    public required bool CanaryWasMissed { get; init; }

    /// <summary>Whether the target counts its refusals, so that silence may be a refusal held back.</summary>
    public required bool RefusalsAreLimited { get; init; }

    /// <summary>Whether so much was lost that of some silent ports it cannot be said that they are.</summary>
    public required bool TooMuchWasLost { get; init; }

    /// <summary>Whether no port at all answered.</summary>
    public required bool NothingAnswered { get; init; }

    /// <summary>How many ports could not be asked, since somebody says that the target cannot be reached.</summary>
    public required int Undeliverable { get; init; }

    /// <summary>Who says so; null where nobody does.</summary>
    public required IpAddress? UndeliverableBy { get; init; }
}
