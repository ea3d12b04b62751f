namespace Portcullis.Core.Model.Rules;

/// <summary>Ends the rule with a verdict.</summary>
/// <param name="Verdict">The verdict.</param>
public sealed record VerdictStep(RuleVerdict Verdict) : RuleStep;
