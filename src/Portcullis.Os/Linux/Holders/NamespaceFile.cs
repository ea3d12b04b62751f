using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// Recognises a network namespace behind a descriptor whose link shows a path. A namespace that is mounted, as
/// ip-netns(8) does below /run/netns, shows the path of the mount ("/" once that is gone), not "net:[...]".
/// </summary>
internal unsafe struct NamespaceFile
{
    private readonly int _proc;
    private readonly uint _deviceMajor;
    private readonly uint _deviceMinor;

    /// <param name="proc">A descriptor of /proc.</param>
    internal NamespaceFile(int proc)
    {
        _proc = proc;
        Statx status;
        fixed (byte* path = "self/ns/net"u8)
        {
            if (Libc.statx(proc, path, 0, 0, &status) == 0)
            {
                _deviceMajor = status.DeviceMajor;
                _deviceMinor = status.DeviceMinor;
            }
        }
    }

    /// <summary>The inode of the network namespace that an entry of a directory of descriptors stands for; 0 for anything else.</summary>
    internal readonly ulong Inode(int directory, byte* name)
    {
        // Device and inode come from the cache for every file system, so nothing here waits for a server.
        const int FromCache = Libc.AT_STATX_DONT_SYNC | Libc.AT_NO_AUTOMOUNT;
        Statx status;
        return Libc.statx(directory, name, FromCache, 0, &status) == 0 && IsOurs(status) && IsNetwork(directory, name)
            ? status.Inode
            : 0;
    }

    private readonly bool IsOurs(in Statx status) =>
        status.DeviceMinor == _deviceMinor && status.DeviceMajor == _deviceMajor && (_deviceMajor | _deviceMinor) != 0;

    /// <summary>All kinds of namespaces live in one file system; the kernel tells their kinds of an open file only.</summary>
    private readonly bool IsNetwork(int directory, byte* name)
    {
        // The entry may stand for another file by now, one whose opening does something. So first a handle that does nothing.
        int handle = Libc.openat(directory, name, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        if (handle < 0)
        {
            return false;
        }

        Statx status;
        byte empty = 0;
        bool network = false;
        if (Libc.statx(handle, &empty, Libc.AT_EMPTY_PATH, 0, &status) == 0 && IsOurs(status))
        {
            byte* path = stackalloc byte[32];
            byte* end = ProcNumber.Write(ProcNumber.Write(path, "self/fd/"u8), handle);
            *end = 0;
            int opened = Libc.openat(_proc, path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0);
            network = opened >= 0 && Libc.ioctl(opened, Libc.NS_GET_NSTYPE) == Libc.CLONE_NEWNET;
            if (opened >= 0)
            {
                _ = Libc.close(opened);
            }
        }

        _ = Libc.close(handle);
        return network;
    }
}
