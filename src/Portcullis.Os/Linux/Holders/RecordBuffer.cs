using System;
using Portcullis.Core.Wire;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Records in the making; grows by doubling and is kept from scan to scan.</summary>
internal sealed class RecordBuffer
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(1 << 15);
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    internal void Clear() => _length = 0;

    internal void Add(HolderRecordKind kind, int pid, ulong value)
    {
        if (_bytes.Length - _length < HolderRecords.RecordSize)
        {
            Grow(HolderRecords.RecordSize);
        }

        HolderRecords.Write(_bytes.AsSpan(_length), new HolderRecord(kind, pid, value));
        _length += HolderRecords.RecordSize;
    }

    /// <summary>Room for at least <paramref name="size"/> bytes behind what was written; <see cref="Advance"/> takes it.</summary>
    internal Span<byte> Free(int size)
    {
        if (_bytes.Length - _length < size)
        {
            Grow(size);
        }

        return _bytes.AsSpan(_length);
    }

    internal void Advance(int size) => _length += size;

    private void Grow(int size)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _length + size));
        Written.CopyTo(larger);
        _bytes = larger;
    }
}
