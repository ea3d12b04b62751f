namespace Portcullis.Core.Wire.Nft;

/// <summary>A value that stands in the rule.</summary>
/// <param name="bytes">As the kernel has it.</param>
internal sealed class ConstantRegister(byte[] bytes) : RegisterValue(bytes.Length)
{
    internal byte[] Bytes { get; } = bytes;
}
