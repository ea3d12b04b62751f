namespace Portcullis.Core.Firewall;

/// <summary>Bits of a byte that all packets have in common.</summary>
/// <param name="Mask">Which bits.</param>
/// <param name="Value">What stands in them.</param>
internal readonly record struct FixedBits(byte Mask, byte Value)
{
    /// <summary>The byte with these bits as they are, whatever stood there.</summary>
    internal byte Of(byte value) => (byte)((value & ~Mask) | Value);
}
