namespace Portcullis.Core.Model.Rules;

/// <summary>Translates the addresses of a connection, and ends the base chain as an accept does.</summary>
/// <param name="Kind">How.</param>
/// <param name="Address">The new address; null where the rule does not say.</param>
/// <param name="Port">The new port; null where it stays.</param>
public sealed record TranslateStep(TranslationKind Kind, ValueSource? Address, ValueSource? Port) : RuleStep;
