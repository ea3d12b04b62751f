using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A value computed from a packet: a field of it, perhaps with some of its bits cleared or turned over.</summary>
/// <param name="Field">The field.</param>
/// <param name="Mask">The bits that are kept, as long as the field; empty for all.</param>
/// <param name="Xor">The bits that are turned over afterwards, as long as the field; empty for none.</param>
public sealed record Operand(PacketField Field, ImmutableArray<byte> Mask, ImmutableArray<byte> Xor)
{
    /// <summary>The field as it is.</summary>
    public Operand(PacketField field)
        : this(field, [], [])
    {
    }
}
