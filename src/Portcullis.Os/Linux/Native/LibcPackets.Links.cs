using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <content>What a socket tells of links (netdevice(7)).</content>
internal static unsafe partial class LibcPackets
{
    internal const nuint SIOCGIFNAME = 0x8910;
    internal const nuint SIOCGIFFLAGS = 0x8913;
    internal const nuint SIOCGIFMTU = 0x8921;
    internal const int IFF_LOOPBACK = 0x8;
    internal const int IFF_POINTOPOINT = 0x10;
    internal const int IFF_NOARP = 0x80;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl(int descriptor, nuint request, LinkRequest* value);

    /// <summary>struct ifreq of linux/if.h, with the member that is a number.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkRequest
    {
        internal fixed byte Name[16];
        internal int Number;
        internal fixed byte Rest[20];
    }
}
