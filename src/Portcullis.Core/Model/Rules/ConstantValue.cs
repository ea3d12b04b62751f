using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A value that stands in the rule, or one of a range which the kernel chooses from.</summary>
/// <param name="First">The value, or the least one.</param>
/// <param name="Last">The greatest one; equal to <paramref name="First"/> for one value.</param>
public sealed record ConstantValue(ImmutableArray<byte> First, ImmutableArray<byte> Last) : ValueSource;
