namespace Portcullis.Core.Model.Rules;

/// <summary>A value that cannot be foreseen.</summary>
/// <param name="Text">What it is, such as "numgen random mod 2".</param>
public sealed record UnknownValue(string Text) : ValueSource;
