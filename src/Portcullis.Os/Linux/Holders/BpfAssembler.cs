using System;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// Writes BPF instructions (struct bpf_insn of linux/bpf.h; RFC 9669): an opcode byte, a byte with destination and source
/// register, a signed 16-bit offset and a signed 32-bit immediate value. One exit label, since our programs need no more.
/// </summary>
internal ref struct BpfAssembler
{
    private readonly Span<ulong> _code;
    private bool _bad;

    internal BpfAssembler(Span<ulong> code) => _code = code;

    /// <summary>How many instructions were written.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether every instruction could be written as asked: offsets fit in 16 bits, and so do jumps.</summary>
    internal readonly bool Good => !_bad;

    /// <summary>destination = source.</summary>
    internal void Move(int destination, int source) => Add(0xbf, destination, source, 0, 0);

    /// <summary>destination = value, sign-extended.</summary>
    internal void Set(int destination, int value) => Add(0xb7, destination, 0, 0, value);

    /// <summary>destination += value.</summary>
    internal void AddValue(int destination, int value) => Add(0x07, destination, 0, 0, value);

    /// <summary>destination += source.</summary>
    internal void AddRegister(int destination, int source) => Add(0x0f, destination, source, 0, 0);

    /// <summary>destination &amp;= value.</summary>
    internal void And(int destination, int value) => Add(0x57, destination, 0, 0, value);

    /// <summary>destination *= value.</summary>
    internal void Multiply(int destination, int value) => Add(0x27, destination, 0, 0, value);

    /// <summary>destination = the 1, 2, 4 or 8 bytes at source + offset, zero-extended.</summary>
    internal void Load(int size, int destination, int source, int offset) =>
        Add(size == 8 ? 0x79 : size == 4 ? 0x61 : size == 2 ? 0x69 : 0x71, destination, source, offset, 0);

    /// <summary>The 4 or 8 bytes at destination + offset = source.</summary>
    internal void Store(int size, int destination, int offset, int source) =>
        Add(size == 8 ? 0x7b : 0x63, destination, source, offset, 0);

    /// <summary>The 4 bytes at destination + offset = value.</summary>
    internal void StoreValue(int destination, int offset, int value) => Add(0x62, destination, 0, offset, value);

    /// <summary>Jumps where register = value; gives the jump for <see cref="Land"/>.</summary>
    internal int JumpIfEqual(int register, int value) => Add(0x15, register, 0, 0, value);

    /// <summary>Jumps where the low 32 bits of a register are this value.</summary>
    internal int JumpIfLowEqual(int register, uint value) => Add(0x16, register, 0, 0, (int)value);

    /// <summary>Jumps where register != value.</summary>
    internal int JumpIfNot(int register, int value) => Add(0x55, register, 0, 0, value);

    /// <summary>Jumps where register != other.</summary>
    internal int JumpIfDifferent(int register, int other) => Add(0x5d, register, other, 0, 0);

    /// <summary>Jumps always.</summary>
    internal int Jump() => Add(0x05, 0, 0, 0, 0);

    /// <summary>Calls a helper by its number.</summary>
    internal void Call(int helper) => Add(0x85, 0, 0, 0, helper);

    /// <summary>Leaves the program.</summary>
    internal void Exit() => Add(0x95, 0, 0, 0, 0);

    /// <summary>Lets earlier jumps lead here.</summary>
    internal void Land(params ReadOnlySpan<int> jumps)
    {
        foreach (int jump in jumps)
        {
            if (jump < 0)
            {
                continue; // a jump that was left out
            }

            int distance = Count - jump - 1;
            _bad |= distance > short.MaxValue;
            if (jump < _code.Length)
            {
                _code[jump] |= (ulong)(ushort)distance << 16;
            }
        }
    }

    private int Add(int code, int destination, int source, int offset, int value)
    {
        _bad |= offset is < short.MinValue or > short.MaxValue || Count >= _code.Length;
        if (!_bad)
        {
            _code[Count] = (ulong)(byte)code | ((ulong)(uint)(destination | (source << 4)) << 8) | ((ulong)(ushort)offset << 16) | ((ulong)(uint)value << 32);
        }

        return Count++;
    }
}
