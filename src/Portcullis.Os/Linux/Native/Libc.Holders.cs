using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>What the scan of holders asks the kernel beyond files.</summary>
internal static unsafe partial class Libc
{
    /// <summary>AT_STATX_DONT_SYNC of linux/stat.h: ask no server about a file of the network.</summary>
    internal const int AT_STATX_DONT_SYNC = 0x4000;

    /// <summary>AT_NO_AUTOMOUNT of linux/fcntl.h.</summary>
    internal const int AT_NO_AUTOMOUNT = 0x800;

    /// <summary>STATX_NLINK of linux/stat.h.</summary>
    internal const uint STATX_NLINK = 0x4;

    /// <summary>KCMP_FILES of linux/kcmp.h: do two threads share one table of descriptors?</summary>
    internal const int KCMP_FILES = 2;

    /// <summary>NS_GET_NSTYPE of linux/nsfs.h, _IO(0xb7, 3).</summary>
    internal const nuint NS_GET_NSTYPE = 0xb703;

    /// <summary>CLONE_NEWNET of linux/sched.h.</summary>
    internal const int CLONE_NEWNET = 0x40000000;

    /// <summary>kcmp(2): arch/x86/entry/syscalls/syscall_64.tbl; asm-generic/unistd.h for the others.</summary>
    internal static long SYS_kcmp => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 312 : 272;

    /// <summary>0 for the same, 1 to 3 for another, -1 for an error.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial long kcmp(long number, int first, int second, int kind, nuint index1, nuint index2);

    /// <summary>The numbers are those of asm-generic/unistd.h, shared by every architecture for calls this young.</summary>
    internal const long SYS_pidfd_open = 434;

    /// <inheritdoc cref="SYS_pidfd_open"/>
    internal const long SYS_pidfd_getfd = 438;

    /// <summary>PIDFD_THREAD of linux/pidfd.h (O_EXCL): a thread rather than a process; since Linux 6.9.</summary>
    internal const uint PIDFD_THREAD = 0x80;

    /// <summary>SIOCGSKNS of linux/sockios.h: a descriptor of the network namespace of a socket, closed by exec(2).</summary>
    internal const nuint SIOCGSKNS = 0x894c;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial long pidfd_open(long number, int id, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial long pidfd_getfd(long number, int process, int descriptor, uint flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl(int descriptor, nuint request);
}
