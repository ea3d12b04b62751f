using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>bpf(2) and what goes with it; constants of linux/bpf.h.</summary>
internal static unsafe partial class Libc
{
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_LINK_CREATE = 28;
    internal const int BPF_ITER_CREATE = 33;
    internal const uint BPF_PROG_TYPE_TRACING = 26;
    internal const uint BPF_TRACE_ITER = 28;

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
