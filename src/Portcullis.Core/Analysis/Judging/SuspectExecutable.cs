using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Listeners whose program is gone from the disk, never was there, lies where anybody writes, is in no package, or hides its name.</summary>
internal sealed class SuspectExecutable : ICheck
{
    /// <summary>The names of the kernel's own threads (kthread_create(9)), which have no executable and cannot listen by a descriptor.</summary>
    private static readonly string[] KernelThreads =
    [
        "kworker", "kthreadd", "ksoftirqd", "migration/", "rcu_", "watchdogd", "kswapd", "kcompactd", "khugepaged", "kdevtmpfs", "kauditd", "khungtaskd",
        "oom_reaper", "kblockd", "jbd2/", "scsi_eh_", "irq/", "cpuhp/", "kintegrityd",
    ];

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            foreach (ProcessFacts process in listener.Processes.Where(process => process.Pid != 1))
            {
                if (Origin(listener, process) is Finding origin)
                {
                    yield return origin;
                }

                if (IsDisguised(process))
                {
                    yield return Wording.Finding(
                        "PC3005", listener.Scope == Scope.Loopback ? Severity.High : Severity.Critical,
                        $"A user's process calls itself \"{Title(process)}\", like a thread of the kernel, and listens {Wording.Where(listener)} ({Wording.Port(listener)})",
                        listener, [Identity(process), "kernel threads have no executable and are children of kthreadd"], Suspicion(process));
                }

                if (Unpackaged(listener, process) is Finding unpackaged)
                {
                    yield return unpackaged;
                }
            }
        }
    }

    private static Finding? Origin(Listener listener, ProcessFacts process)
    {
        if (process.Origin is null or ExecutableOrigin.File or ExecutableOrigin.Kernel)
        {
            return null;
        }

        bool isFar = listener.Scope != Scope.Loopback;

        // Where no package database was read, a daemon of a unit may have been updated as well; a loose program is not.
        bool mayBeUpdated = process.Packaged is null && listener.Unit is { Transient: false };
        string where = $"listens {Wording.Where(listener)} ({Wording.Port(listener)})";
        return process.Origin switch
        {
            // A package's update replaces the file under the running program; the process then has the old one until it restarts.
            ExecutableOrigin.Deleted when process.Packaged == true => Wording.Finding(
                "PC3006", Severity.Low, $"{process.Name} {where} with an executable that was replaced by an update since it started", listener, [Identity(process)],
                listener.Unit is { Transient: false } unit
                    ? $"restart it when a break in its service does no harm: {(unit.User is null ? "sudo systemctl" : "systemctl --user")} restart {Remedy.Word(unit.Name)}"
                    : "restart it"),
            ExecutableOrigin.Deleted => Wording.Finding(
                "PC3001", isFar && !mayBeUpdated ? Severity.High : isFar || !mayBeUpdated ? Severity.Medium : Severity.Low,
                $"{process.Name} {where}, and its executable was deleted", listener,
                [
                    Identity(process), "deleting a program after its start hides it from scanners and from whoever looks later",
                    .. mayBeUpdated ? ["whether an update replaced it could not be found out"] : Array.Empty<string>(),
                ],
                Suspicion(process)),
            ExecutableOrigin.Memory => Wording.Finding(
                "PC3002", isFar ? Severity.Critical : Severity.High, $"{process.Name} {where} and runs from memory, from no file", listener,
                [Identity(process), "a program made with memfd_create(2) never was on a disk"], Suspicion(process)),
            ExecutableOrigin.Temporary => Wording.Finding(
                "PC3003", isFar ? Severity.High : Severity.Medium, $"{process.Name} {where} and runs from a directory where anybody may write", listener,
                [Identity(process)], Suspicion(process)),
            _ => null,
        };
    }

    private static Finding? Unpackaged(Listener listener, ProcessFacts process)
    {
        if (process.Packaged != false || process.Origin != ExecutableOrigin.File || listener.Container is not null)
        {
            return null;
        }

        bool isManaged = listener.Unit is { Transient: false };
        bool isFar = listener.Scope is Scope.Any or Scope.Address;
        return Wording.Finding(
            "PC3004", isFar && !isManaged ? Severity.Medium : isFar ? Severity.Low : Severity.Info,
            $"{process.Name} listens {Wording.Where(listener)} ({Wording.Port(listener)}), and its executable is in no package", listener,
            [Identity(process), isManaged ? $"the unit {listener.Unit!.Name} runs it" : "no unit runs it", "nobody updates it unless you do"],
            $"install it as a package, or say that it is yours: portcullis accept {Remedy.Word(listener.Key)} --reason TEXT");
    }

    /// <summary>A process that has an executable, and a name or a title like that of a thread of the kernel.</summary>
    private static bool IsDisguised(ProcessFacts process) =>
        process.Origin is not (null or ExecutableOrigin.Kernel)
        && (process.CommandLine is [{ Length: > 2 } title, ..] && title[0] == '[' && title[^1] == ']'
            || (process.Packaged != true && Array.Exists(KernelThreads, name => process.Name.StartsWith(name, StringComparison.Ordinal))));

    private static string Title(ProcessFacts process) => process.CommandLine is [{ Length: > 2 } title, ..] && title[0] == '[' ? title : process.Name;

    private static string Identity(ProcessFacts process) => string.Create(
        CultureInfo.InvariantCulture,
        $"process {process.Pid} \"{process.Name}\", executable {process.Executable ?? "unknown"}, user {process.User ?? "unknown"}, parent {process.Parent}, since {process.StartedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown time"}");

    private static string Suspicion(ProcessFacts process) => string.Create(
        CultureInfo.InvariantCulture,
        $"keep the evidence before you end it: sudo cp /proc/{process.Pid}/exe ./{process.Pid}.exe, then sudo kill -STOP {process.Pid}, and find out who started it");
}
