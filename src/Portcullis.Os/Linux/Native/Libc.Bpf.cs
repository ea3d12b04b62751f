using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>bpf(2) and what goes with it; constants of linux/bpf.h.</summary>
internal static unsafe partial class Libc
{
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_PROG_GET_NEXT_ID = 11;
    internal const int BPF_PROG_GET_FD_BY_ID = 13;
    internal const int BPF_OBJ_GET_INFO_BY_FD = 15;
    internal const int BPF_PROG_QUERY = 16;
    internal const int BPF_LINK_CREATE = 28;
    internal const int BPF_LINK_GET_FD_BY_ID = 30;
    internal const int BPF_LINK_GET_NEXT_ID = 31;
    internal const int BPF_ITER_CREATE = 33;
    internal const uint BPF_PROG_TYPE_TRACING = 26;
    internal const uint BPF_PROG_TYPE_CGROUP_SKB = 8;
    internal const uint BPF_TRACE_ITER = 28;
    internal const uint BPF_CGROUP_INET_INGRESS = 0;
    internal const uint BPF_SK_LOOKUP = 36;
    internal const uint BPF_TCX_INGRESS = 46;
    internal const uint BPF_NETKIT_PEER = 55;
    internal const uint BPF_LINK_TYPE_NETFILTER = 10;
    internal const uint BPF_F_QUERY_EFFECTIVE = 1;

    /// <summary>linux/exportfs.h: the handle is the 64-bit number of a file of kernfs, such as a control group (since Linux 5.5).</summary>
    internal const int FILEID_KERNFS = 0xfe;

    internal const int PROT_READ = 1;
    internal const int MAP_PRIVATE = 2;

    internal const int AF_UNIX = 1;
    internal const int SOCK_DGRAM_CLOEXEC = 2 | O_CLOEXEC;

    /// <summary>bpf(2): arch/x86/entry/syscalls/syscall_64.tbl; asm-generic/unistd.h for the others.</summary>
    internal static long SYS_bpf => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial long bpf(long number, int command, void* attributes, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int family, int kind, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int open_by_handle_at(int mount, FileHandle* handle, int flags);

    /// <summary>struct file_handle of fcntl.h, for <see cref="FILEID_KERNFS"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileHandle
    {
        internal uint Length;
        internal int Kind;
        internal ulong Id;
    }

    /// <summary>union bpf_attr for BPF_OBJ_GET_INFO_BY_FD.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BpfInfo
    {
        internal uint Descriptor;
        internal uint Length;
        internal ulong Info;
    }

    /// <summary>union bpf_attr for BPF_PROG_QUERY, as far as prog_cnt.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BpfQuery
    {
        internal uint Target;
        internal uint AttachType;
        internal uint Flags;
        internal uint AttachFlags;
        internal ulong Ids;
        internal uint Count;
    }

    /// <summary>union bpf_attr of linux/bpf.h for BPF_PROG_LOAD, as far as attach_prog_fd.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    internal struct BpfProgramLoad
    {
        [FieldOffset(0)]
        internal uint Type;

        [FieldOffset(4)]
        internal uint InstructionCount;

        [FieldOffset(8)]
        internal ulong Instructions;

        [FieldOffset(16)]
        internal ulong License;

        [FieldOffset(24)]
        internal uint LogLevel;

        [FieldOffset(28)]
        internal uint LogSize;

        [FieldOffset(32)]
        internal ulong Log;

        [FieldOffset(48)]
        internal fixed byte Name[16];

        [FieldOffset(68)]
        internal uint ExpectedAttachType;

        [FieldOffset(108)]
        internal uint AttachBtfId;
    }

    /// <summary>union bpf_attr for BPF_LINK_CREATE and, in its first two members, BPF_ITER_CREATE.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BpfLinkCreate
    {
        internal uint Descriptor;
        internal uint Target;
        internal uint AttachType;
        internal uint Flags;
    }
}
