namespace Portcullis.Core.Wire.Nft;

/// <summary>What an expression put into the registers.</summary>
/// <param name="length">Bytes.</param>
internal abstract class RegisterValue(int length)
{
    internal int Length { get; } = length;
}
