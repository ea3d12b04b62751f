using System;
using Portcullis.Core.Wire;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Where the running kernel keeps what the programs read: offsets in bytes, from its own BTF.</summary>
internal sealed record KernelLayout
{
    private static readonly BtfName[] _names =
    [
        new(BtfKind.Struct, "task_struct"),
        new(BtfKind.Struct, "pid"),
        new(BtfKind.Struct, "upid"),
        new(BtfKind.Struct, "nsproxy"),
        new(BtfKind.Struct, "net"),
        new(BtfKind.Struct, "ns_common"),
        new(BtfKind.Struct, "proc_ns_operations"),
        new(BtfKind.Struct, "file"),
        new(BtfKind.Struct, "inode"),
        new(BtfKind.Struct, "super_block"),
        new(BtfKind.Function, "bpf_iter_task"),
        new(BtfKind.Function, "bpf_iter_task_file"),
        new(BtfKind.Struct, "socket_alloc"),
        new(BtfKind.Struct, "socket"),
        new(BtfKind.Struct, "sock"),
        new(BtfKind.Struct, "sock_common"),
    ];

    /// <summary>BTF numbers of the functions that stand for the iterators (kernel/bpf/task_iter.c).</summary>
    internal required int TaskIterator { get; init; }

    internal required int FileIterator { get; init; }

    internal required int TaskPid { get; init; }

    internal required int TaskTgid { get; init; }

    internal required int TaskGroupLeader { get; init; }

    internal required int TaskThreadPid { get; init; }

    internal required int TaskNsproxy { get; init; }

    internal required int PidLevel { get; init; }

    internal required int PidNumbers { get; init; }

    internal required int UpidSize { get; init; }

    internal required int UpidNumber { get; init; }

    internal required int NsproxyNet { get; init; }

    /// <summary>net.ns.inum.</summary>
    internal required int NetInode { get; init; }

    internal required int NamespaceOperations { get; init; }

    internal required int OperationsName { get; init; }

    internal required int FileInode { get; init; }

    internal required int InodeMode { get; init; }

    internal required int InodeSuperBlock { get; init; }

    internal required int InodeNumber { get; init; }

    internal required int InodePrivate { get; init; }

    internal required int SuperBlockMagic { get; init; }

    /// <summary>From an inode of sockfs to the pointer to its struct sock: both lie in one struct socket_alloc (net/sock.h). Negative.</summary>
    internal required int InodeSock { get; init; }

    internal required int SockNet { get; init; }

    /// <summary>The bit skc_reuseport, counted from the lowest of the first byte of a struct sock.</summary>
    internal required int SockReusePortBit { get; init; }

    /// <summary>Reads the layout; null with the first thing that is missing in <paramref name="missing"/>.</summary>
    internal static KernelLayout? Read(ReadOnlySpan<byte> bytes, out string? missing)
    {
        Span<BtfType> found = stackalloc BtfType[_names.Length];
        missing = null;
        if (!Btf.TryOpen(bytes, out Btf btf) || !btf.Find(_names, found))
        {
            missing = "not readable";
            return null;
        }

        Members members = new(btf);
        KernelLayout layout = new()
        {
            TaskIterator = found[10].Id,
            FileIterator = found[11].Id,
            TaskPid = members.Offset(found[0], "pid"),
            TaskTgid = members.Offset(found[0], "tgid"),
            TaskGroupLeader = members.Offset(found[0], "group_leader"),
            TaskThreadPid = members.Offset(found[0], "thread_pid"),
            TaskNsproxy = members.Offset(found[0], "nsproxy"),
            PidLevel = members.Offset(found[1], "level"),
            PidNumbers = members.Offset(found[1], "numbers"),
            UpidSize = (int)found[2].Size,
            UpidNumber = members.Offset(found[2], "nr"),
            NsproxyNet = members.Offset(found[3], "net_ns"),
            NetInode = members.Offset(found[4], "ns") + members.Offset(found[5], "inum"),
            NamespaceOperations = members.Offset(found[5], "ops"),
            OperationsName = members.Offset(found[6], "name"),
            FileInode = members.Offset(found[7], "f_inode"),
            InodeMode = members.Offset(found[8], "i_mode"),
            InodeSuperBlock = members.Offset(found[8], "i_sb"),
            InodeNumber = members.Offset(found[8], "i_ino"),
            InodePrivate = members.Offset(found[8], "i_private"),
            SuperBlockMagic = members.Offset(found[9], "s_magic"),
            InodeSock = members.Offset(found[12], "socket") + members.Offset(found[13], "sk") - members.Offset(found[12], "vfs_inode"),
            SockNet = members.Offset(found[14], "__sk_common") + members.Offset(found[15], "skc_net"),
            SockReusePortBit = (8 * members.Offset(found[14], "__sk_common")) + members.Bit(found[15], "skc_reuseport"),
        };
        missing = found[10].Exists && found[11].Exists ? members.Missing : "the iterators";
        return missing is null ? layout : null;
    }

    /// <summary>Looks up members and remembers the first that is not there.</summary>
    private ref struct Members(Btf btf)
    {
        private readonly Btf _btf = btf;

        internal string? Missing { get; private set; }

        internal int Offset(BtfType type, string member)
        {
            int? offset = _btf.OffsetOf(type, member);
            Missing ??= offset is null ? member : null;
            return offset ?? 0;
        }

        internal int Bit(BtfType type, string member)
        {
            int? bit = _btf.BitOf(type, member);
            Missing ??= bit is null ? member : null;
            return bit ?? 0;
        }
    }
}
