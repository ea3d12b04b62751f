namespace Portcullis.Os.Linux.Native;

/// <summary>Instructions of classic BPF: classes, sizes and modes of linux/bpf_common.h put together.</summary>
internal static class FilterCodes
{
    internal const ushort LoadWord = 0x20;
    internal const ushort LoadHalf = 0x28;
    internal const ushort LoadByte = 0x30;
    internal const ushort LoadHalfIndexed = 0x48;
    internal const ushort LoadByteIndexed = 0x50;

    /// <summary>X = 4 * (octet &amp; 0xf): an IPv4 header's length.</summary>
    internal const ushort LoadHeaderLength = 0xb1;
    internal const ushort And = 0x54;
    internal const ushort IfEqual = 0x15;
    internal const ushort IfGreater = 0x25;
    internal const ushort IfAtLeast = 0x35;
    internal const ushort IfAnyBit = 0x45;
    internal const ushort Return = 0x06;

    /// <summary>What <see cref="Return"/> gives for a packet that is let through as it is.</summary>
    internal const uint Whole = 0xffff;
}
