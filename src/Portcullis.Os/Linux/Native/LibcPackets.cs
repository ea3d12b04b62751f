using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>The calls and constants for sending and hearing packets (packet(7), raw(7), linux/if_packet.h).</summary>
internal static unsafe partial class LibcPackets
{
    internal const int AF_PACKET = 17;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const ushort ETH_P_IP = 0x0800;
    internal const ushort ETH_P_IPV6 = 0x86dd;
    internal const int SOL_PACKET = 263;
    internal const int PACKET_RX_RING = 5;
    internal const int PACKET_STATISTICS = 6;
    internal const int PACKET_VERSION = 10;
    internal const int PACKET_IGNORE_OUTGOING = 23;
    internal const int TPACKET_V2 = 1;
    internal const uint TP_STATUS_KERNEL = 0;
    internal const uint TP_STATUS_USER = 1;
    internal const uint TP_STATUS_CSUMNOTREADY = 8;
    internal const uint TP_STATUS_CSUM_VALID = 128;
    internal const int RingAddress = 32; // TPACKET_ALIGN(sizeof(struct tpacket2_hdr)): behind it a struct sockaddr_ll
    internal const int AddressInterface = 4; // offsetof(struct sockaddr_ll, sll_ifindex)
    internal const int SO_LINGER = 13;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int IPPROTO_TCP = 6;
    internal const int IP_RECVERR = 11;
    internal const int IPV6_RECVERR = 25;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_ERRQUEUE = 0x2000;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const short POLLIN = 1;
    internal const uint EPOLLOUT = 0x004;
    internal const uint EPOLLERR = 0x008;
    internal const uint EPOLLHUP = 0x010;
    internal const uint EPOLLET = 1u << 31;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int RLIMIT_NOFILE = 7;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int connect(int descriptor, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getsockname(int descriptor, byte* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int sendmmsg(int descriptor, MultipleMessage* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recvmsg(int descriptor, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint sendto(int descriptor, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int ppoll(PollDescriptor* descriptors, nuint count, Time* timeout, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_ctl(int epoll, int operation, int descriptor, void* happening);

    /// <summary>epoll_wait(2); the events' layout differs between architectures, so they are bytes here.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_wait(int epoll, void* happenings, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getrlimit(int resource, Limit* limit);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setrlimit(int resource, Limit* limit);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int clock_gettime(int clock, Time* time);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Time
    {
        internal long Seconds;
        internal long Nanoseconds;
    }

    /// <summary>struct rlimit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Events;
        internal short Happened;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Piece
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        internal byte* Name;
        internal uint NameLength;
        internal Piece* Pieces;
        internal nuint PieceCount;
        internal byte* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultipleMessage
    {
        internal Message Header;
        internal uint Length;
    }

    /// <summary>struct tpacket_req.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RingRequest
    {
        internal uint BlockSize;
        internal uint BlockCount;
        internal uint FrameSize;
        internal uint FrameCount;
    }

    /// <summary>struct tpacket2_hdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RingFrame
    {
        internal uint Status;
        internal uint Length;
        internal uint Captured;
        internal ushort LinkHeader;
        internal ushort NetworkHeader;
        internal uint Seconds;
        internal uint Nanoseconds;
    }

    /// <summary>struct sock_filter of linux/filter.h: one instruction of classic BPF.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct FilterStep(ushort code, byte yes, byte no, uint operand)
    {
        internal readonly ushort Code = code;
        internal readonly byte Yes = yes;
        internal readonly byte No = no;
        internal readonly uint Operand = operand;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterProgram
    {
        internal ushort Count;
        internal FilterStep* Steps;
    }
}
