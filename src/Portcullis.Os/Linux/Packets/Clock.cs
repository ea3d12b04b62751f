using System.Diagnostics;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>The clocks: one that never goes back, and the one that packets are stamped by.</summary>
internal static unsafe class Clock
{
    /// <summary>Microseconds, of CLOCK_MONOTONIC.</summary>
    internal static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    /// <summary>Microseconds since 1970 (CLOCK_REALTIME), by which the kernel stamps packets.</summary>
    internal static long Stamp
    {
        get
        {
            LibcPackets.Time time;
            _ = LibcPackets.clock_gettime(0, &time);
            return (time.Seconds * 1_000_000) + (time.Nanoseconds / 1_000);
        }
    }
}
