using System.Runtime.InteropServices;

namespace Portcullis.Os.Linux.Native;

/// <summary>struct statx of linux/stat.h (statx(2)); 256 bytes, the same on every architecture, which struct stat is not.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    /// <summary>STATX_BASIC_STATS of linux/stat.h.</summary>
    internal const uint BasicStats = 0x7ff;

    [FieldOffset(16)]
    internal uint LinkCount;

    [FieldOffset(20)]
    internal uint Uid;

    [FieldOffset(28)]
    internal ushort Mode;

    [FieldOffset(32)]
    internal ulong Inode;

    [FieldOffset(40)]
    internal ulong Size;

    [FieldOffset(136)]
    internal uint DeviceMajor;

    [FieldOffset(140)]
    internal uint DeviceMinor;
}
