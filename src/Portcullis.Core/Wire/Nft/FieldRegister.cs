using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>A field of the packet, perhaps masked.</summary>
/// <param name="operand">The field; its mask is big-endian, as it is.</param>
/// <param name="isHostOrder">Whether the kernel has it in the register as a number in the machine's byte order, where that is little-endian.</param>
internal sealed class FieldRegister(Operand operand, bool isHostOrder) : RegisterValue(operand.Field.Length)
{
    internal Operand Operand { get; } = operand;

    internal bool IsHostOrder { get; } = isHostOrder;
}
