namespace Portcullis.Core.Model.Rules;

/// <summary>A value computed from the packet.</summary>
/// <param name="Operand">How.</param>
public sealed record ComputedValue(Operand Operand) : ValueSource;
