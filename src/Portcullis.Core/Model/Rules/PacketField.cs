namespace Portcullis.Core.Model.Rules;

/// <summary>Some bytes of a packet, or something that the kernel knows of it. Numbers are big-endian, also those that the kernel keeps otherwise.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Name">
/// For <see cref="FieldSource.Meta"/>, <see cref="FieldSource.Connection"/>, <see cref="FieldSource.Route"/> and <see cref="FieldSource.Other"/> the key as nft(8)
/// spells it ("iifname", "state", "original daddr", "daddr . iif type"); else empty.
/// </param>
/// <param name="Offset">For a header the first byte, from 0; else 0.</param>
/// <param name="Length">The number of bytes, 1 and up.</param>
public sealed record PacketField(FieldSource Source, string Name, int Offset, int Length);
