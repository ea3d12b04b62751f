namespace Portcullis.Core.Model.Rules;

/// <summary>
/// Goes on or not by something that the packet alone does not tell: a rate, a quota, the time, what was there before, chance, or a program.
/// </summary>
/// <param name="Text">What it depends on, such as "limit rate 3/minute".</param>
/// <param name="IsStable">Whether two such steps with the same text always agree for one packet.</param>
public sealed record ChanceStep(string Text, bool IsStable) : RuleStep;
