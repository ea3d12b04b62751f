namespace Portcullis.Core.Wire.Nft;

/// <summary>Some bytes of a key or of data.</summary>
/// <param name="Offset">The first.</param>
/// <param name="Length">How many.</param>
/// <param name="IsHostOrder">Whether they are a number in the byte order of the machine.</param>
internal readonly record struct ByteSegment(int Offset, int Length, bool IsHostOrder);
