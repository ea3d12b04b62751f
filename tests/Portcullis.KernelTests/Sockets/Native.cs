using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.KernelTests.Sockets;

/// <summary>The calls by which the tests open sockets themselves, so that they know the truth without asking the code under test.</summary>
internal static unsafe partial class Native
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_PACKET = 17;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    private const int SOCK_CLOEXEC = 0x80000;
    internal const int IPPROTO_UDPLITE = 136;

    private const int SOL_SOCKET = 1;
    private const int SO_REUSEADDR = 2;
    private const int SO_ATTACH_FILTER = 26;
    private const int SO_BINDTODEVICE = 25;
    private const int SO_REUSEPORT = 15;
    private const int IPPROTO_IPV6 = 41;
    private const int IPV6_V6ONLY = 26;
    private const ulong SIOCSIFFLAGS = 0x8914;
    private const int CLONE_NEWNET = 0x40000000;

    /// <summary>Opens one that no other process gets: what the tests beside it start must not hold it.</summary>
    internal static int Socket(int family, int type, int protocol) => Checked(socket(family, type | SOCK_CLOEXEC, protocol), "socket");

    /// <summary>Opens one that every process started from then on holds too; for tests that run alone.</summary>
    internal static int InheritedSocket(int family, int type, int protocol) => Checked(socket(family, type, protocol), "socket");

    internal static void Close(int descriptor) => _ = close(descriptor);

    internal static void ReusePort(int descriptor) => Set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);

    internal static void ReuseAddress(int descriptor) => Set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);

    internal static void V6Only(int descriptor, bool only) => Set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, only ? 1 : 0);

    internal static void BindToLoopback(int descriptor)
    {
        fixed (byte* name = "lo\0"u8)
        {
            Checked(setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, 3), "SO_BINDTODEVICE");
        }
    }

    /// <summary>Attaches a classic filter that drops everything, of some instructions.</summary>
    internal static void AttachFilter(int descriptor, int instructions)
    {
        ulong* code = stackalloc ulong[instructions];
        for (int at = 0; at < instructions - 1; at++)
        {
            code[at] = 0x0000_0000_0000_0000; // BPF_LD | BPF_IMM, 0
        }

        code[instructions - 1] = 0x06; // BPF_RET | BPF_K, 0
        FilterProgram program = new() { Length = (ushort)instructions, Code = code };
        Checked(setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, (uint)sizeof(FilterProgram)), "SO_ATTACH_FILTER");
    }

    internal static bool TryBind(int descriptor, IpAddress address, int port)
    {
        byte* where = stackalloc byte[28];
        new Span<byte>(where, 28).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(where + 2, 2), (ushort)port);
        if (address.Version == IpVersion.V4)
        {
            *(ushort*)where = AF_INET;
            BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(where + 4, 4), (uint)address.Low);
            return bind(descriptor, where, 16) == 0;
        }

        *(ushort*)where = AF_INET6;
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(where + 8, 8), address.High);
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(where + 16, 8), address.Low);
        return bind(descriptor, where, 28) == 0;
    }

    internal static bool TryConnect(int descriptor, IpAddress address, int port)
    {
        byte* where = stackalloc byte[16];
        new Span<byte>(where, 16).Clear();
        *(ushort*)where = AF_INET;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(where + 2, 2), (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(where + 4, 4), (uint)address.Low);
        return connect(descriptor, where, 16) == 0;
    }

    internal static bool TryListen(int descriptor, int backlog) => listen(descriptor, backlog) == 0;

    internal static ulong Inode(int descriptor) => ulong.Parse(
        System.IO.File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)!.Name["socket:[".Length..^1],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Moves the calling thread into a network namespace of its own, with loopback up.</summary>
    internal static void NewNetwork()
    {
        Checked(unshare(CLONE_NEWNET), "unshare");
        int descriptor = Socket(AF_INET, SOCK_DGRAM, 0);
        byte* request = stackalloc byte[40]; // struct ifreq: 16 bytes of name, then the flags
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes("lo", new Span<byte>(request, 16));
        *(short*)(request + 16) = 0x1 | 0x40; // IFF_UP | IFF_RUNNING
        Checked(ioctl(descriptor, SIOCSIFFLAGS, request), "SIOCSIFFLAGS");
        Close(descriptor);
    }

    /// <summary>Moves the calling thread into the namespace that a descriptor is open of.</summary>
    internal static void Return(int descriptor) => Checked(setns(descriptor, CLONE_NEWNET), "setns");

    private static void Set(int descriptor, int level, int name, int value) =>
        Checked(setsockopt(descriptor, level, name, &value, sizeof(int)), "setsockopt");

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new InvalidOperationException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, void* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int descriptor, void* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int name, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, ulong request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    private struct FilterProgram
    {
        internal ushort Length;
        internal ulong* Code;
    }
}
