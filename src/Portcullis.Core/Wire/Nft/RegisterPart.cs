namespace Portcullis.Core.Wire.Nft;

/// <summary>Some bytes of a value that a register has.</summary>
/// <param name="Value">The value.</param>
/// <param name="Offset">The first byte of it.</param>
/// <param name="Length">How many.</param>
/// <param name="At">Where they stand, counted from the first byte that was read.</param>
internal readonly record struct RegisterPart(RegisterValue Value, int Offset, int Length, int At)
{
    internal bool IsAll => Offset == 0 && Length == Value.Length;
}
