using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>Goes on only where the value lies in one of the ranges, or where negated, in none.</summary>
/// <param name="Operand">What is looked at.</param>
/// <param name="Ranges">Inclusive. Bounds that are shorter than the value are compared with its leading bytes (such as "eth*").</param>
/// <param name="Negated">Whether it goes on outside of the ranges.</param>
public sealed record MatchStep(Operand Operand, ImmutableArray<ByteRange> Ranges, bool Negated) : RuleStep;
