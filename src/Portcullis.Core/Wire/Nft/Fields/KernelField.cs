namespace Portcullis.Core.Wire.Nft.Fields;

/// <summary>Something that the kernel knows of a packet: how nft(8) calls it, and how it lies in a register.</summary>
/// <param name="Name">The name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsHostOrder">Whether it is a number in the byte order of the machine.</param>
internal sealed record KernelField(string Name, int Length, bool IsHostOrder);
