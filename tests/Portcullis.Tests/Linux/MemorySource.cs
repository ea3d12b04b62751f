using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Tests.Linux;

/// <summary>A machine in memory: files, links and refusals by path. Directories are there because something is in them.</summary>
internal sealed class MemorySource : ISource
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal) { "/dev/null" };
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal) { "/" };

    private readonly List<(string Prefix, int Number)> _deviceNumbers = [];

    internal List<string> Asked { get; } = [];

    internal MemorySource File(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    internal MemorySource File(string path, byte[] bytes)
    {
        _files[path] = bytes;
        return Parents(path);
    }

    internal MemorySource Link(string path, string target)
    {
        _links[path] = target;
        return Parents(path);
    }

    internal MemorySource Directory(string path)
    {
        _directories.Add(path);
        return Parents(path);
    }

    /// <summary>Every question about this path is refused.</summary>
    internal MemorySource Refuse(string path, int error)
    {
        _refusals[path] = error;
        return this;
    }

    /// <summary>What is below this path lies on a file system of its own; all else is on number 1.</summary>
    internal MemorySource Device(string prefix, int number)
    {
        _deviceNumbers.Add((prefix, number));
        return this;
    }

    internal MemorySource Remove(string path)
    {
        _files.Remove(path);
        _links.Remove(path);
        return this;
    }

    Answer ISource.File(string path, int limit)
    {
        Asked.Add($"file {path}");
        string real = Resolve(path);
        return Refusal(path, real) is int error and not 0 ? Answer.Refused(error)
            : _files.TryGetValue(real, out byte[]? bytes) ? Answer.Of(bytes.AsMemory(0, Math.Min(limit, bytes.Length)))
            : Answer.Refused(_devices.Contains(real) || _directories.Contains(real) ? Errno.EINVAL : Errno.ENOENT);
    }

    Answer ISource.Link(string path)
    {
        Asked.Add($"link {path}");
        int slash = path.LastIndexOf('/');
        string parent = Resolve(path[..slash]);
        string real = (parent == "/" ? string.Empty : parent) + path[slash..];
        return Refusal(path, real) is int error and not 0 ? Answer.Refused(error)
            : _links.TryGetValue(real, out string? target) ? Answer.Of(Encoding.UTF8.GetBytes(target))
            : Answer.Refused(_files.ContainsKey(real) || _directories.Contains(real) ? Errno.EINVAL : Errno.ENOENT);
    }

    Answer ISource.Directory(string path)
    {
        Asked.Add($"directory {path}");
        string real = Resolve(path);
        if (Refusal(path, real) is int error and not 0)
        {
            return Answer.Refused(error);
        }

        if (!_directories.Contains(real))
        {
            return Answer.Refused(_files.ContainsKey(real) ? Errno.ENOTDIR : Errno.ENOENT);
        }

        string prefix = real == "/" ? "/" : real + "/";
        IEnumerable<string> Inside(IEnumerable<string> paths, char kind) => paths
            .Where(entry => entry.Length > prefix.Length && entry.StartsWith(prefix, StringComparison.Ordinal) && !entry[prefix.Length..].Contains('/', StringComparison.Ordinal))
            .Select(entry => kind + entry[prefix.Length..]);
        return Answer.Of(Encoding.UTF8.GetBytes(string.Concat(
            Inside(_files.Keys, 'f').Concat(Inside(_links.Keys, 'l')).Concat(Inside(_directories, 'd')).OrderBy(static entry => entry[1..], StringComparer.Ordinal).Select(static entry => entry + "\0"))));
    }

    Answer ISource.Status(string path)
    {
        Asked.Add($"status {path}");
        string real = Resolve(path);
        return Refusal(path, real) is int error and not 0 ? Answer.Refused(error)
            : _files.TryGetValue(real, out byte[]? bytes) ? Status(real, Libc.S_IFREG | 0x1a4, bytes.Length)
            : _devices.Contains(real) ? Status(real, 0x21b6, 0)
            : _directories.Contains(real) ? Status(real, Libc.S_IFDIR | 0x1ed, 4096)
            : Answer.Refused(Errno.ENOENT);
    }

    Answer ISource.FindLines(string directory, string suffix, IReadOnlyCollection<string> lines)
    {
        Asked.Add($"lines {directory}");
        Answer entries = ((ISource)this).Directory(directory);
        if (!entries.Ok)
        {
            return entries;
        }

        StringBuilder hits = new();
        foreach ((char kind, string name) in DirectoryListing.Of(entries))
        {
            if (kind == 'f' && name.EndsWith(suffix, StringComparison.Ordinal) && Refusal(directory, $"{directory}/{name}") == 0)
            {
                new LineSet(lines).Collect(_files[$"{directory}/{name}"], line => hits.Append(name).Append(':').Append(line).Append('\n'));
            }
        }

        return Answer.Of(Encoding.UTF8.GetBytes(hits.ToString()));
    }

    // Rooted elsewhere: what was put below that path.
    ISource ISource.InRoot(string root)
    {
        MemorySource inside = new();
        foreach ((string path, byte[] bytes) in _files.Where(file => file.Key.StartsWith(root + "/", StringComparison.Ordinal)))
        {
            inside.File(path[root.Length..], bytes);
        }

        foreach ((string path, string target) in _links.Where(link => link.Key.StartsWith(root + "/", StringComparison.Ordinal)))
        {
            inside.Link(path[root.Length..], target);
        }

        foreach ((string prefix, int number) in _deviceNumbers.Where(one => one.Prefix.StartsWith(root + "/", StringComparison.Ordinal)))
        {
            inside.Device(prefix[root.Length..], number);
        }

        return inside;
    }

    private Answer Status(string path, uint mode, int size)
    {
        int device = _deviceNumbers.Where(one => path.StartsWith(one.Prefix, StringComparison.Ordinal)).Select(one => one.Number).FirstOrDefault(1);
        return Answer.Of(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{device} {Errno.ENOENT} 1 {mode} 0 {size}")));
    }

    private int Refusal(string path, string real) => _refusals.TryGetValue(path, out int error) || _refusals.TryGetValue(real, out error) ? error : 0;

    private MemorySource Parents(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            _directories.Add(path[..slash]);
        }

        return this;
    }

    // Links on the way and at the end, as the kernel follows them.
    private string Resolve(string path)
    {
        for (int step = 0; step < 40; step++)
        {
            string? link = _links.Keys.FirstOrDefault(candidate => path == candidate || path.StartsWith(candidate + "/", StringComparison.Ordinal));
            if (link is null)
            {
                return path.Length == 0 ? "/" : path;
            }

            string target = _links[link];
            path = System.IO.Path.GetFullPath((target.StartsWith('/') ? target : $"{link[..link.LastIndexOf('/')]}/{target}") + path[link.Length..]);
        }

        return path;
    }
}
