using System.Collections.Immutable;

namespace Portcullis.Core.Firewall;

/// <summary>A run of bytes of a value: known, a part of a dimension, or neither.</summary>
/// <param name="Length">The number of bytes.</param>
/// <param name="Known">The bytes, where they are known; else default.</param>
/// <param name="Rank">The rank of the dimension; -1 where it is none.</param>
/// <param name="Width">The bytes of the whole dimension, 1 to 8.</param>
/// <param name="Skip">The bytes of the dimension before these.</param>
/// <param name="Text">For bytes of which nothing is known what they are; else null.</param>
/// <param name="Stamp">Tells apart what is not known for different reasons; else 0.</param>
/// <param name="Fixed">Of a dimension of one byte the bits that all packets have in common; null for none.</param>
internal readonly record struct Piece(int Length, ImmutableArray<byte> Known, int Rank, int Width, int Skip, string? Text, int Stamp = 0, FixedBits? Fixed = null)
{
    internal bool IsKnown => !Known.IsDefault;

    internal bool IsDimension => Rank >= 0;

    internal static Piece Of(ImmutableArray<byte> known) => new(known.Length, known, -1, 0, 0, null);

    internal static Piece Unknowable(int length, string text, int stamp = 0) => new(length, default, -1, 0, 0, text, stamp);
}
