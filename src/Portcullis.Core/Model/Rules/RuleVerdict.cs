namespace Portcullis.Core.Model.Rules;

/// <summary>What a rule or an element of a map does with a packet.</summary>
/// <param name="Kind">The sort of verdict.</param>
/// <param name="Chain">For a jump or goto the chain's name, in the same table; else null.</param>
public sealed record RuleVerdict(VerdictKind Kind, string? Chain = null);
