using System.Collections.Immutable;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>A packet's walk through the chains of a host.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="By">Who decided: of several chains that let it in the last rule that said so, a policy only where no rule did; null where there was neither.</param>
/// <param name="Events">What it met, in order; rules that did not hold are left out.</param>
public sealed record WalkResult(WalkVerdict Verdict, RulePlace? By, ImmutableArray<WalkEvent> Events);
