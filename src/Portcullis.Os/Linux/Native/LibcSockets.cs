using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>The socket calls and constants of sys/socket.h and linux/netlink.h that netlink needs.</summary>
internal static unsafe partial class LibcSockets
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPPROTO_RAW = 255;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int NETLINK_ROUTE = 0;
    internal const int NETLINK_SOCK_DIAG = 4;
    internal const int NETLINK_NETFILTER = 12;
    internal const int NETLINK_GENERIC = 16;
    internal const int MSG_TRUNC = 0x20;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_RCVTIMEO = 20;

    /// <summary>asm-generic/socket.h; since Linux 5.14.</summary>
    internal const int SO_NETNS_COOKIE = 71;
    internal const int CLONE_NEWNET = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint send(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recv(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockopt(int descriptor, int level, int name, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setsockopt(int descriptor, int level, int name, void* value, uint length);
}
