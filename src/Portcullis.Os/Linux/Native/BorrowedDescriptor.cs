using System;
using System.Threading;

namespace Portcullis.Os.Linux.Native;

/// <summary>
/// Copies of other processes' descriptors (pidfd_getfd(2), Linux 5.6), for what only the holder of a socket can be asked.
/// Wants the right to trace the process (ptrace(2), PTRACE_MODE_ATTACH).
/// </summary>
/// <remarks>
/// A copy is no look only: the kernel gives a socket the control group numbers of net_cls and net_prio of whoever receives it
/// (__receive_sock of net/core/scm.c). <see cref="Refusal"/> tells where that would change anything.
/// </remarks>
internal static unsafe class BorrowedDescriptor
{
    /// <summary>
    /// Held during a scan of holders, so that no other in this process takes what is borrowed for our own. Entering it again
    /// on the same thread is allowed.
    /// </summary>
    internal static readonly Lock Gate = new();

    /// <summary>A descriptor of a process, or of one of its threads with a table of descriptors of its own; -1 for an error.</summary>
    internal static int OpenProcess(int id, bool isThread) =>
        (int)Libc.pidfd_open(Libc.SYS_pidfd_open, id, isThread ? Libc.PIDFD_THREAD : 0);

    /// <summary>A copy of one of its descriptors, to be closed soon; -1 for an error.</summary>
    internal static int Take(int process, int descriptor) => (int)Libc.pidfd_getfd(Libc.SYS_pidfd_getfd, process, descriptor, 0);

    /// <summary>The inode of what a descriptor is open of; 0 where it cannot be told.</summary>
    internal static ulong InodeOf(int descriptor)
    {
        Statx status;
        byte empty = 0;
        return Libc.statx(descriptor, &empty, Libc.AT_EMPTY_PATH, Statx.BasicStats, &status) == 0 ? status.Inode : 0;
    }

    /// <summary>The errno for which nothing may be borrowed on this machine; 0 for none.</summary>
    internal static int Refusal()
    {
        int descriptor;
        fixed (byte* path = "/proc/self/cgroup"u8)
        {
            descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            return Errno.Last;
        }

        // Lines are "4:net_cls,net_prio:/path" (cgroups(7)), one for each hierarchy of version 1: at most a dozen.
        const int Size = 8192;
        byte* buffer = stackalloc byte[Size];
        nint count = Libc.read(descriptor, buffer, Size);
        _ = Libc.close(descriptor);
        ReadOnlySpan<byte> text = new(buffer, (int)Math.Max(count, 0));
        return count is <= 0 or Size || text.IndexOf("net_cls"u8) >= 0 || text.IndexOf("net_prio"u8) >= 0 ? Errno.EOPNOTSUPP : 0;
    }
}
