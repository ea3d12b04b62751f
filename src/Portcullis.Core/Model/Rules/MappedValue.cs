using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A value that a map has for a key; the rule does not hold where it has none.</summary>
/// <param name="Key">The parts of the key.</param>
/// <param name="Map">The map's name, in the rule's table.</param>
/// <param name="Offset">The first byte of the element's data that is taken.</param>
/// <param name="Length">How many bytes are taken.</param>
public sealed record MappedValue(ImmutableArray<Operand> Key, string Map, int Offset, int Length) : ValueSource;
