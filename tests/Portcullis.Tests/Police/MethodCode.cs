using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Portcullis.Tests.Police;

/// <summary>Walks a method's code (ECMA-335, III) from instruction to instruction.</summary>
internal static class MethodCode
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value, static code => code.OperandType);

    /// <summary>The metadata tokens of all instructions that name a type, a member or a signature.</summary>
    internal static List<int> Tokens(ReadOnlySpan<byte> code)
    {
        List<int> tokens = [];
        for (int at = 0; at < code.Length;)
        {
            int instruction = code[at++];
            if (instruction == 0xfe)
            {
                instruction = (instruction << 8) | code[at++];
            }

            OperandType operand = Operands[instruction];
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineSig)
            {
                tokens.Add(BinaryPrimitives.ReadInt32LittleEndian(code[at..]));
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code[at..])),
                _ => 4,
            };
        }

        return tokens;
    }
}
