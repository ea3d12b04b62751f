using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Kernel;

/// <summary>The kernel's threads, which are the children of kthreadd, process 2; no program can become one.</summary>
internal static class KernelThreads
{
    private const int Most = 10000;

    /// <summary>Their names; none where /proc does not show them, as inside a container.</summary>
    internal static HashSet<string> Names(ISource source)
    {
        string children = source.File("/proc/2/task/2/children").Text ?? string.Empty;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string pid in children.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(Most))
        {
            if (pid.All(char.IsAsciiDigit) && ProcStat.TryParse(source.File($"/proc/{pid}/stat").Text, out ProcStat stat) && stat.IsKernelThread)
            {
                names.Add(stat.Name);
            }
        }

        return names;
    }
}
