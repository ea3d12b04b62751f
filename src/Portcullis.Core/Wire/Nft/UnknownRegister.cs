namespace Portcullis.Core.Wire.Nft;

/// <summary>A value that cannot be foreseen, or not be expressed.</summary>
/// <param name="text">What it is.</param>
/// <param name="isStable">Whether it is the same for one packet wherever it is asked for.</param>
/// <param name="length">Bytes.</param>
internal sealed class UnknownRegister(string text, bool isStable, int length) : RegisterValue(length)
{
    internal string Text { get; } = text;

    internal bool IsStable { get; } = isStable;
}
