using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>What is to be found out about one target, and how.</summary>
public sealed record SweepPlan
{
    /// <summary>The kind of probes.</summary>
    public required ProbeKind Kind { get; init; }

    /// <summary>The ports, each once.</summary>
    public required ImmutableArray<ushort> Ports { get; init; }

    /// <summary>Chooses the order of the ports.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Probes a second to begin with, and where nothing answers; more than 0.</summary>
    public required double FirstRate { get; init; }

    /// <summary>The most probes a second.</summary>
    public required double MostRate { get; init; }

    /// <summary>How many refusals a second the target sends at most, where it sends any; null for no known limit.</summary>
    public double? RefusalRate { get; init; }

    /// <summary>How long to wait for an answer before any round trip was measured, µs.</summary>
    public required long FirstTimeout { get; init; }

    /// <summary>How long to wait at least, µs.</summary>
    public required long LeastTimeout { get; init; }

    /// <summary>How many probes can be unanswered at once.</summary>
    public int Capacity { get; init; } = int.MaxValue;

    /// <summary>A port that must be found open, since it was opened for the purpose; null for none. It is asked first.</summary>
    public ushort? Canary { get; init; }

    /// <summary>Whether that is one of those that are to be found out; it is closed but for us.</summary>
    public bool CanaryIsAsked { get; init; }

    /// <summary>
    /// How long to leave a port alone that answered before it is asked again, µs: a whole connection is noticed by the service behind it,
    /// which may have to start a process for it, write it down, or shut out who makes many.
    /// </summary>
    public long CanaryRest { get; init; }

    /// <summary>The fewest probes that a silent port gets, 1 to 10.</summary>
    public int LeastProbes { get; init; } = 2;

    /// <summary>The most probes that a silent port gets, 1 to 14.</summary>
    public required int MostProbes { get; init; }
}
