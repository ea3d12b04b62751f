using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Programs;

/// <summary>What a refused question about BPF programs means.</summary>
internal static class ProgramErrors
{
    /// <summary>
    /// Whether there can be none: the kernel has no bpf(2), or does not know the hook (the right to ask is tested first: bpf_prog_query in
    /// kernel/bpf/syscall.c), or what was asked about has gone.
    /// </summary>
    internal static bool IsNone(int error) => error is 0 or Errno.ENOSYS or Errno.EINVAL or Errno.ENOENT or Errno.EOPNOTSUPP or Errno.ENODEV;

    /// <summary>Whether the right is missing.</summary>
    internal static bool IsRefusal(int error) => error is Errno.EPERM or Errno.EACCES;
}
