namespace Portcullis.Core.Model.Rules;

/// <summary>The packet's connection is not tracked: its state is "untracked" from now on.</summary>
public sealed record NotrackStep : RuleStep;
