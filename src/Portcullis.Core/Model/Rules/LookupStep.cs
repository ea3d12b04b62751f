using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>Goes on only where the set holds the key, or where negated, does not.</summary>
/// <param name="Key">The parts of the key, one behind the other, each padded to four bytes where there are several.</param>
/// <param name="Set">The set's name, in the rule's table.</param>
/// <param name="Negated">Whether it goes on where the set does not hold the key.</param>
public sealed record LookupStep(ImmutableArray<Operand> Key, string Set, bool Negated) : RuleStep;
