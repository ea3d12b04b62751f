using System;
using System.Text;

namespace Portcullis.Core.Wire;

/// <summary>What bpf(2) tells of BPF programs.</summary>
/// <remarks>
/// struct bpf_prog_info of linux/bpf.h: u32 kind, u32 number, u8 tag[8], and at 64 char name[16], which ends with a zero byte.
/// </remarks>
public static class BpfProgram
{
    private const int NameAt = 64;
    private const int NameLength = 16; // BPF_OBJ_NAME_LEN

    /// <summary>The name that a program was loaded with; null where it has none, or the answer is too short.</summary>
    public static string? NameIn(ReadOnlySpan<byte> info)
    {
        if (info.Length < NameAt + NameLength)
        {
            return null;
        }

        ReadOnlySpan<byte> name = info.Slice(NameAt, NameLength);
        int end = name.IndexOf((byte)0);
        return end == 0 ? null : Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    /// <summary>Numbers of programs, u32 each in the machine's order; what is left over at the end is none.</summary>
    public static uint[] NumbersIn(ReadOnlySpan<byte> answer)
    {
        uint[] numbers = new uint[answer.Length / sizeof(uint)];
        for (int at = 0; at < numbers.Length; at++)
        {
            numbers[at] = BitConverter.ToUInt32(answer[(at * sizeof(uint))..]);
        }

        return numbers;
    }
}
