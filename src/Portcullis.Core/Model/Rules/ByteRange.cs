using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A range of values, both ends inclusive, compared byte by byte from the first (so that big-endian numbers compare as such).</summary>
/// <param name="First">The least value.</param>
/// <param name="Last">The greatest value, of the same length.</param>
public sealed record ByteRange(ImmutableArray<byte> First, ImmutableArray<byte> Last);
