using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>How many sockets and files this process may have open (RLIMIT_NOFILE, getrlimit(2)).</summary>
internal static unsafe class OpenFiles
{
    private const int UsuallyInUse = 128;

    /// <summary>How many more it may open; the limit is raised as far as it goes, for this process alone.</summary>
    internal static int Room()
    {
        LibcPackets.Limit limit = default;
        if (LibcPackets.getrlimit(LibcPackets.RLIMIT_NOFILE, &limit) != 0)
        {
            return UsuallyInUse;
        }

        if (limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            _ = LibcPackets.setrlimit(LibcPackets.RLIMIT_NOFILE, &limit);
            _ = LibcPackets.getrlimit(LibcPackets.RLIMIT_NOFILE, &limit);
        }

        return (int)Math.Clamp((long)Math.Min(limit.Soft, int.MaxValue) - InUse(), 0, int.MaxValue);
    }

    /// <summary>What is to be said where there are too few.</summary>
    internal static ProbeException TooFew() => new("this process may not open as many sockets as that needs: raise the limit (ulimit -n 256)");

    private static int InUse()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd")).Count();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return UsuallyInUse;
        }
    }
}
