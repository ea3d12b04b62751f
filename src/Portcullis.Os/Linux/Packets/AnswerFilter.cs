using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using static Portcullis.Os.Linux.Native.FilterCodes;
using FilterStep = Portcullis.Os.Linux.Native.LibcPackets.FilterStep;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// The filter (classic BPF, linux/filter.h) that leaves a packet socket only what may answer our probes, so that the machine's
/// other traffic costs next to nothing: TCP from the target to our ports, and all ICMP.
/// </summary>
internal static class AnswerFilter
{
    // Extension headers of RFC 8200, 4.
    private const uint HopByHop = 0;
    private const uint Routing = 43;
    private const uint Fragment = 44;
    private const uint DestinationOptions = 60;

    /// <summary>The filter, for packets that begin with their IP header.</summary>
    /// <param name="target">The target.</param>
    /// <param name="first">The first of our ports.</param>
    /// <param name="last">The last of our ports.</param>
    internal static FilterStep[] For(IpAddress target, ushort first, ushort last) =>
        target.Version == IpVersion.V4 ? Four((uint)target.Low, first, last) : Six(target, first, last);

    private static FilterStep[] Four(uint target, ushort first, ushort last) =>
    [
        new(LoadByte, 0, 0, 9),
        new(IfEqual, 7, 0, IcmpMessage.Number),
        new(IfEqual, 0, 7, TcpSegment.Number),
        new(LoadWord, 0, 0, 12),
        new(IfEqual, 0, 5, target),
        new(LoadHeaderLength, 0, 0, 0),
        new(LoadHalfIndexed, 0, 0, 2),
        new(IfAtLeast, 0, 2, first),
        new(IfGreater, 1, 0, last),
        new(Return, 0, 0, Whole),
        new(Return, 0, 0, 0),
    ];

    // A chain of extension headers before the TCP header is looked at when the packet is read: there are next to none.
    private static FilterStep[] Six(IpAddress target, ushort first, ushort last) =>
    [
        new(LoadByte, 0, 0, 6),
        new(IfEqual, 16, 0, IcmpMessage.NumberV6),
        new(IfEqual, 0, 11, TcpSegment.Number),
        new(LoadWord, 0, 0, 8),
        new(IfEqual, 0, 14, (uint)(target.High >> 32)),
        new(LoadWord, 0, 0, 12),
        new(IfEqual, 0, 12, (uint)target.High),
        new(LoadWord, 0, 0, 16),
        new(IfEqual, 0, 10, (uint)(target.Low >> 32)),
        new(LoadWord, 0, 0, 20),
        new(IfEqual, 0, 8, (uint)target.Low),
        new(LoadHalf, 0, 0, 42),
        new(IfAtLeast, 0, 6, first),
        new(IfGreater, 5, 4, last),
        new(IfEqual, 3, 0, HopByHop),
        new(IfEqual, 2, 0, Routing),
        new(IfEqual, 1, 0, Fragment),
        new(IfEqual, 0, 1, DestinationOptions),
        new(Return, 0, 0, Whole),
        new(Return, 0, 0, 0),
    ];
}
