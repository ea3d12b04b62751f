namespace Portcullis.Core.Model.Rules;

/// <summary>A ruleset, or a part of one, as its author wrote it or a tool printed it.</summary>
/// <param name="Format">The language.</param>
/// <param name="Text">The text; a line of it has the same number as in the file that it came from.</param>
public sealed record RulesetScript(ScriptFormat Format, string Text);
