namespace Portcullis.Core.Model.Rules;

/// <summary>One step of a rule: a condition, a change, or a verdict.</summary>
public abstract record RuleStep;
