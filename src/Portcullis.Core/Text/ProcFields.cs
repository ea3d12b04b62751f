using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Portcullis.Core.Text;

/// <summary>Small readers for single facts of proc(5).</summary>
public static class ProcFields
{
    /// <summary>The effective user id of /proc/PID/status ("Uid:" real, effective, saved, file system); null where it is not there.</summary>
    public static uint? EffectiveUid(ReadOnlySpan<char> status)
    {
        foreach (Range range in status.Split('\n'))
        {
            ReadOnlySpan<char> line = status[range];
            if (line.StartsWith("Uid:", StringComparison.Ordinal))
            {
                Span<Range> ids = stackalloc Range[5];
                ReadOnlySpan<char> numbers = line[4..];
                int count = numbers.SplitAny(ids, " \t", StringSplitOptions.RemoveEmptyEntries);
                return count >= 2 && uint.TryParse(numbers[ids[1]], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? uid : null;
            }
        }

        return null;
    }

    /// <summary>The boot time of /proc/stat ("btime", seconds since 1970); null where it is not there.</summary>
    public static DateTimeOffset? BootTime(ReadOnlySpan<char> stat)
    {
        foreach (Range range in stat.Split('\n'))
        {
            ReadOnlySpan<char> line = stat[range];
            if (line.StartsWith("btime ", StringComparison.Ordinal)
                && long.TryParse(line[6..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds < 253_402_300_800) // the year 10000, where DateTimeOffset ends
            {
                return DateTimeOffset.FromUnixTimeSeconds(seconds);
            }
        }

        return null;
    }

    /// <summary>The arguments of /proc/PID/cmdline, each ended by a zero byte; broken UTF-8 becomes U+FFFD.</summary>
    public static ImmutableArray<string> CommandLine(ReadOnlySpan<byte> bytes)
    {
        // A process may overwrite the area with anything (PR_SET_MM, setproctitle): trailing zeros carry nothing.
        bytes = bytes.TrimEnd((byte)0);
        if (bytes.IsEmpty)
        {
            return [];
        }

        ImmutableArray<string>.Builder arguments = ImmutableArray.CreateBuilder<string>();
        foreach (Range range in bytes.Split((byte)0))
        {
            arguments.Add(Encoding.UTF8.GetString(bytes[range]));
        }

        return arguments.ToImmutable();
    }

    /// <summary>The inode in the target of a link such as "net:[4026531840]" or "socket:[123]"; null where it is of another kind.</summary>
    /// <param name="link">The link's target.</param>
    /// <param name="kind">The word before the colon.</param>
    public static ulong? InodeOf(ReadOnlySpan<char> link, ReadOnlySpan<char> kind) =>
        link.Length > kind.Length + 3
        && link.StartsWith(kind, StringComparison.Ordinal)
        && link[kind.Length..].StartsWith(":[", StringComparison.Ordinal)
        && link[^1] == ']'
        && ulong.TryParse(link[(kind.Length + 2)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            ? inode
            : null;
}
