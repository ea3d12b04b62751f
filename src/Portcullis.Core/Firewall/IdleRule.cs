using System.Collections.Immutable;

namespace Portcullis.Core.Firewall;

/// <summary>A rule that decides about no packet, since others of its chain have decided about all of its packets before.</summary>
/// <param name="Place">The rule.</param>
/// <param name="Deciding">For each kind of packets the last rule before it that decides about some: those behind which none are left.</param>
public sealed record IdleRule(RulePlace Place, ImmutableArray<RulePlace> Deciding);
