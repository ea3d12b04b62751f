using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>Takes the verdict that a map has for the key; goes on with the next rule where it has none.</summary>
/// <param name="Key">The parts of the key.</param>
/// <param name="Map">The map's name, in the rule's table.</param>
public sealed record VerdictMapStep(ImmutableArray<Operand> Key, string Map) : RuleStep;
