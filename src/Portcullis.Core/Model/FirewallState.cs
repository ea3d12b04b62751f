using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>The firewall of the host as a whole: who writes its rules, and whether they keep anything out.</summary>
/// <param name="KeepsOut">
/// Whether a rule or policy keeps any TCP or UDP port from anybody, bans of single sources and rules for guests aside; null where that
/// could not be worked out.
/// </param>
/// <param name="Writers">Those whose rules are loaded, or would be when the machine starts; firewalls first, then by name.</param>
public sealed record FirewallState(bool? KeepsOut, ImmutableArray<RuleWriter> Writers)
{
    /// <summary>The BPF programs, and filters of tc(8), that decide about packets beside the rules, in every network namespace.</summary>
    public ImmutableArray<PlacedProgram> Programs { get; init; } = [];
}
