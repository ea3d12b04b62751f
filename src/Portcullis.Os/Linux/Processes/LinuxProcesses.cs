using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Processes;

/// <summary>Reads what /proc tells of processes.</summary>
internal sealed class LinuxProcesses(ISource source) : IProcesses
{
    private const int CommandLineLimit = 4096;

    private static readonly string[] TemporaryDirectories = ["/tmp/", "/var/tmp/", "/dev/shm/"];

    /// <inheritdoc/>
    public ProcessInventory Describe(IReadOnlyCollection<int> pids, bool hash)
    {
        DateTimeOffset? boot = source.File("/proc/stat").Text is string stat ? ProcFields.BootTime(stat) : null;
        (string? Root, string? Mounts) own = (Identity(source.Status("/proc/self/root").Text), source.Link("/proc/self/ns/mnt").Text);
        AccountsByRoot accounts = new(source);

        Dictionary<int, ProcessFacts> found = [];
        int unreadable = 0;
        foreach (int pid in pids)
        {
            bool ancestor = false;
            for (int next = pid; next > 0 && !found.ContainsKey(next);)
            {
                ProcessFacts? process = Read(next, boot, own, accounts);
                if (process is null)
                {
                    break; // ended half-way: no error
                }

                unreadable += !ancestor && process.Origin is null ? 1 : 0;
                found[next] = hash && !ancestor ? process with { Sha256 = ExecutableHash.Of(next) } : process;
                next = process.Parent;
                ancestor = true;
            }
        }

        ImmutableArray<Gap> gaps = unreadable == 0 ? [] :
        [
            new Gap(
                unreadable == 1 ? "executable of 1 process" : string.Create(CultureInfo.InvariantCulture, $"executable of {unreadable} processes"),
                "not root", "run with sudo"),
        ];
        return new ProcessInventory([.. found.Values.Order(ByPid)], gaps);
    }

    private static Comparer<ProcessFacts> ByPid { get; } = Comparer<ProcessFacts>.Create(static (left, right) => left.Pid.CompareTo(right.Pid));

    private ProcessFacts? Read(int pid, DateTimeOffset? boot, (string? Root, string? Mounts) own, AccountsByRoot accounts)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/");
        if (source.File(directory + "stat").Text is not string text || !ProcStat.TryParse(text, out ProcStat stat))
        {
            return null;
        }

        uint? uid = source.File(directory + "status").Text is string status ? ProcFields.EffectiveUid(status) : null;
        (string? executable, ExecutableOrigin? origin) = stat.IsKernelThread ? (null, ExecutableOrigin.Kernel) : Executable(directory);
        string? cgroup = source.File(directory + "cgroup").Text;
        string? itsRoot = Identity(source.Status(directory + "root").Text);
        string? itsMounts = source.Link(directory + "ns/mnt").Text;

        // In our own mount namespace the kernel names files as we do, whatever directory the process has as root (chroot(2)).
        bool? ownRoot = itsRoot is null || itsMounts is null ? null : itsRoot != own.Root && itsMounts != own.Mounts;
        return new ProcessFacts
        {
            Pid = pid,
            Parent = stat.Parent,
            Name = stat.Name,
            Executable = executable,
            Origin = origin,
            CommandLine = ProcFields.CommandLine(source.File(directory + "cmdline", CommandLineLimit).Span),
            Uid = uid,
            User = uid is uint id ? accounts.NameOf(id, ownRoot == true ? itsRoot : null, directory) ?? id.ToString(CultureInfo.InvariantCulture) : null,
            StartedAt = boot + TimeSpan.FromSeconds((double)stat.StartTicks / ProcStat.TicksPerSecond),
            Cgroup = cgroup is null ? null : ControlGroup.PathOf(cgroup),
            Namespace = source.Link(directory + "ns/net").Text is string link ? ProcFields.InodeOf(link, "net") : null,
            OwnRoot = ownRoot,
            Root = ownRoot == true ? $"{itsMounts} {itsRoot}" : null,
        };
    }

    private (string? Path, ExecutableOrigin? Origin) Executable(string directory)
    {
        const string DeletedMark = " (deleted)"; // d_path of the kernel appends it to what has no name any more
        if (source.Link(directory + "exe").Text is not string path)
        {
            return (null, null);
        }

        // The mark may be part of a real name: then a file of that name is the executable. The link count alone does not tell, since a
        // file deleted from the lower layer of an overlay keeps its link there, and so does one with a second name elsewhere.
        bool deleted = path.EndsWith(DeletedMark, StringComparison.Ordinal) && IsGone(directory, path);
        string name = deleted ? path[..^DeletedMark.Length] : path;
        ExecutableOrigin origin =
            deleted && name.StartsWith("/memfd:", StringComparison.Ordinal) ? ExecutableOrigin.Memory
            : deleted ? ExecutableOrigin.Deleted
            : IsTemporary(name) ? ExecutableOrigin.Temporary
            : ExecutableOrigin.File;
        return (name, origin);
    }

    private bool IsGone(string directory, string path)
    {
        string? executable = source.Status(directory + "exe").Text;
        return executable?.Split(' ') is [_, _, "0", ..]
            || (executable is not null && Identity(source.Status(directory + "root" + path).Text) != Identity(executable));
    }

    private static bool IsTemporary(string path) =>
        Array.Exists(TemporaryDirectories, directory => path.StartsWith(directory, StringComparison.Ordinal));

    /// <summary>Device and inode, which tell two directories apart.</summary>
    private static string? Identity(string? status) => status is null ? null : string.Join(' ', status.Split(' ').Take(2));
}
