using System;
using System.Buffers.Binary;

namespace Portcullis.Core.Wire;

/// <summary>
/// Reads the bytes of a scan of holders: records of 16 bytes, little-endian, in any order, doubles allowed. The format is
/// Portcullis's own; it is small enough for a BPF program in the kernel to write.
/// </summary>
/// <remarks>
/// <code>
///  31            24              16               8              0
/// +---------------------------------------------------------------+
/// |                         kind (u32)                            |  +0
/// +---------------------------------------------------------------+
/// |                      process id (u32)                         |  +4
/// +---------------------------------------------------------------+
/// |                         value (u64)                           |  +8
/// |                                                               |
/// +---------------------------------------------------------------+
/// </code>
/// A record of an unknown kind, with an impossible process id or errno, or cut off by the end, is
/// left out, and <see cref="BrokenAt"/> tells where the first such was.
/// </remarks>
public ref struct HolderRecords
{
    /// <summary>The length of a record in bytes.</summary>
    public const int RecordSize = 16;

    // MAX_ERRNO of linux/err.h.
    private const ulong LargestErrno = 4095;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <summary>Starts before the first record.</summary>
    /// <param name="bytes">The answer; may be anything.</param>
    public HolderRecords(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        BrokenAt = -1;
    }

    /// <summary>The offset in bytes of the first broken record passed so far; -1 for none.</summary>
    public int BrokenAt { get; private set; }

    /// <summary>Gives the next sound record; false at the end.</summary>
    public bool MoveNext(out HolderRecord record)
    {
        while (_bytes.Length - _at >= RecordSize)
        {
            ReadOnlySpan<byte> bytes = _bytes.Slice(_at, RecordSize);
            uint kind = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint pid = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            _at += RecordSize;
            if (IsSound(kind, pid, value))
            {
                record = new HolderRecord((HolderRecordKind)kind, (int)pid, value);
                return true;
            }

            Break(_at - RecordSize);
        }

        if (_at < _bytes.Length)
        {
            Break(_at);
            _at = _bytes.Length;
        }

        record = default;
        return false;
    }

    /// <summary>Writes one record.</summary>
    /// <param name="to">Where to; at least <see cref="RecordSize"/> bytes.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is shorter.</exception>
    public static void Write(Span<byte> to, HolderRecord record)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], record.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)record.Pid);
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)record.Kind);
    }

    private static bool IsSound(uint kind, uint pid, ulong value) => (HolderRecordKind)kind switch
    {
        HolderRecordKind.Socket or HolderRecordKind.Namespace or HolderRecordKind.HeldNamespace => pid is > 0 and <= int.MaxValue,
        HolderRecordKind.SocketIn or HolderRecordKind.SharedSocketIn => pid is > 0 and <= int.MaxValue && (uint)value != 0 && value >> 32 != 0,
        HolderRecordKind.DescriptorsUnreadable or HolderRecordKind.NamespaceUnreadable or HolderRecordKind.ThreadsUnreadable
            or HolderRecordKind.SocketsUnasked =>
            pid is > 0 and <= int.MaxValue && value <= LargestErrno,
        HolderRecordKind.ProcessesHidden => pid == 0 && value <= LargestErrno,
        _ => false,
    };

    private void Break(int at)
    {
        if (BrokenAt < 0)
        {
            BrokenAt = at;
        }
    }
}
