using System;
using System.Globalization;

namespace Portcullis.Core.Text;

/// <summary>What /proc/PID/stat tells of a process (proc_pid_stat(5)).</summary>
/// <param name="Name">The name between the parentheses, which may itself hold any character.</param>
/// <param name="Parent">The parent's process id; 0 for none.</param>
/// <param name="StartTicks">When it started, in clock ticks (100 a second) since boot.</param>
/// <param name="IsKernelThread">PF_KTHREAD of linux/sched.h.</param>
public readonly record struct ProcStat(string Name, int Parent, ulong StartTicks, bool IsKernelThread)
{
    /// <summary>USER_HZ: the unit of <see cref="StartTicks"/>, which Linux shows as 100 on every architecture but alpha and ia64.</summary>
    public const int TicksPerSecond = 100;

    private const uint PF_KTHREAD = 0x0020_0000;

    // Counted from the state, the first field after the name.
    private const int ParentField = 1;
    private const int FlagsField = 6;
    private const int StartField = 19;

    /// <summary>Reads the file's text; false where it is not of that form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ProcStat stat)
    {
        stat = default;
        int open = text.IndexOf('(');
        int close = text.LastIndexOf(')'); // the name may hold ") R 1 2 3" to deceive
        if (open < 0 || close < open)
        {
            return false;
        }

        Span<Range> fields = stackalloc Range[StartField + 2];
        ReadOnlySpan<char> rest = text[(close + 1)..];
        int count = rest.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (count <= StartField
            || !int.TryParse(rest[fields[ParentField]], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            || !uint.TryParse(rest[fields[FlagsField]], NumberStyles.None, CultureInfo.InvariantCulture, out uint flags)
            || !ulong.TryParse(rest[fields[StartField]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start))
        {
            return false;
        }

        stat = new ProcStat(text[(open + 1)..close].ToString(), parent, start, (flags & PF_KTHREAD) != 0);
        return true;
    }
}
