namespace Portcullis.Core.Model.Rules;

/// <summary>Decides nothing: a counter, a log entry, an element added to a set.</summary>
/// <param name="Text">What it does, such as "counter" or "log prefix \"x\"".</param>
public sealed record RemarkStep(string Text) : RuleStep;
