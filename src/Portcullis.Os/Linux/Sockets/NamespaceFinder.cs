using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Sockets;

/// <summary>
/// Finds every network namespace once: those of processes, those that a file system mount keeps (ip-netns(8), engines),
/// those that only a descriptor keeps, and those that only a socket keeps that somebody made in them before he left.
/// </summary>
internal sealed class NamespaceFinder(ISource source)
{
    /// <summary>One namespace.</summary>
    /// <param name="Name">Its name under /run/netns; empty for none.</param>
    /// <param name="Pid">A process in it, or for a namespace that only a socket keeps, one that holds the socket; null for none.</param>
    /// <param name="Handle">The ways to enter it.</param>
    internal sealed record Found(string Name, int? Pid, NamespaceHandle Handle)
    {
        internal ulong Inode => Handle.Inode;
    }

    /// <summary>Finds them; the first is the one Portcullis is in.</summary>
    internal List<Found> Find(HolderIndex holders)
    {
        ulong own = Own();
        Dictionary<ulong, (string Name, int? Pid)> found = [];
        foreach ((_, int pid, ulong inode) in holders.Namespaces)
        {
            found[inode] = ("", pid);
        }

        ILookup<ulong, NamespaceMounts.Mount> mounts = NamespaceMounts.Parse(source.File("/proc/self/mountinfo", 1 << 24).Text ?? "").ToLookup(mount => mount.Inode);
        foreach (IGrouping<ulong, NamespaceMounts.Mount> mount in mounts)
        {
            string name = mount.Select(one => one.Name).FirstOrDefault(one => one.Length > 0) ?? "";
            found[mount.Key] = (name, found.TryGetValue(mount.Key, out (string, int? Pid) known) ? known.Pid : null);
        }

        foreach ((_, _, ulong inode) in holders.HeldNamespaces)
        {
            found.TryAdd(inode, ("", null));
        }

        foreach (HeldSocket socket in holders.SocketNamespaces)
        {
            found.TryAdd(socket.Namespace, ("", socket.Pid));
        }

        found.Remove(own);
        return
        [
            new Found(NetworkNamespace.HostName, null, new NamespaceHandle(own, null)),
            .. found.OrderBy(one => one.Key).Select(one => new Found(
                one.Value.Name, one.Value.Pid, new NamespaceHandle(one.Key, [.. Entrances(one.Key, mounts[one.Key], holders)]))),
        ];
    }

    /// <summary>The inode of the namespace Portcullis is in; 0 where /proc does not tell.</summary>
    internal ulong Own() =>
        source.Link("/proc/self/ns/net").Text is string link ? ProcFields.InodeOf(link, "net") ?? 0 : 0;

    /// <summary>
    /// The files by which it may be entered: mounts last longest, then the processes in it, or their threads that have moved
    /// elsewhere (setns(2)), then descriptors that are open of it.
    /// </summary>
    private List<string> Entrances(ulong inode, IEnumerable<NamespaceMounts.Mount> mounts, HolderIndex holders)
    {
        List<string> paths = [.. mounts.Select(mount => mount.Path)];
        foreach (int pid in First(holders.InNamespace(inode)))
        {
            string main = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net");
            string? path = source.Link(main).Text == Link(inode) ? main : Search(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"), "/ns/net", Link(inode));
            paths.AddRange(path is null ? [] : [path]);
        }

        foreach (int pid in paths.Count > 0 ? [] : First(holders.ForNamespace(inode)))
        {
            string? path = Search(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"), "", Link(inode));
            paths.AddRange(path is null ? [] : [path]);
        }

        if (paths.Count == 0)
        {
            paths.AddRange(holders.SocketNamespaces.Where(socket => socket.Namespace == inode).Select(SocketPath).OfType<string>());
        }

        return paths;
    }

    /// <summary>The descriptor by which a process, or a thread of it with descriptors of its own, holds a socket.</summary>
    private string? SocketPath(HeldSocket socket)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{socket.Pid}");
        string link = string.Create(CultureInfo.InvariantCulture, $"socket:[{socket.Inode}]");
        return Search($"{process}/fd", "", link)
            ?? DirectoryListing.Of(source.Directory($"{process}/task")).Select(thread => Search($"{process}/task/{thread.Name}/fd", "", link)).FirstOrDefault(path => path is not null);
    }

    /// <summary>A few are enough to outlive one that ends meanwhile.</summary>
    private static int[] First(ReadOnlySpan<int> pids) => pids[..Math.Min(pids.Length, 3)].ToArray();

    /// <summary>The first entry of a directory that is, with what follows it, the link.</summary>
    private string? Search(string directory, string rest, string link)
    {
        foreach (string entry in (source.Directory(directory).Text ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = $"{directory}/{entry.AsSpan(1)}{rest}";
            if (source.Link(path).Text == link)
            {
                return path;
            }
        }

        return null;
    }

    private static string Link(ulong inode) => string.Create(CultureInfo.InvariantCulture, $"net:[{inode}]");
}
