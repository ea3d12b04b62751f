using System;
using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>Follows links part by part through a source, so that the answer can be had again from a recording. Not for use by several threads.</summary>
internal sealed class PathResolver
{
    // As many as the kernel follows before it says ELOOP (path_resolution(7)).
    private const int MostLinks = 40;

    private readonly ISource _source;
    private readonly Dictionary<string, string?> _links = new(StringComparer.Ordinal);

    internal PathResolver(ISource source) => _source = source;

    /// <summary>The path without any link; parts that do not exist, or can't be looked at, are kept as they are.</summary>
    internal string Resolve(string path)
    {
        List<string> done = [];
        Stack<string> rest = new();
        Push(rest, path);
        int followed = 0;
        while (rest.TryPop(out string? part))
        {
            if (part == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            done.Add(part);
            string here = "/" + string.Join('/', done);
            if (TargetOf(here) is not string target)
            {
                continue;
            }

            if (++followed > MostLinks)
            {
                return path;
            }

            done.RemoveAt(done.Count - 1);
            if (target.StartsWith('/'))
            {
                done.Clear();
            }

            Push(rest, target);
        }

        return "/" + string.Join('/', done);
    }

    /// <summary>The path with all links resolved but a last one.</summary>
    internal string ResolveParent(string path)
    {
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        if (name is "" or "." or "..")
        {
            return Resolve(path);
        }

        string parent = Resolve(slash <= 0 ? "/" : path[..slash]);
        return parent == "/" ? "/" + name : $"{parent}/{name}";
    }

    /// <summary>Where a link leads, as written; null for what is no link.</summary>
    internal string? TargetOf(string path)
    {
        if (!_links.TryGetValue(path, out string? target))
        {
            string? text = _source.Link(path).Text;
            _links[path] = target = string.IsNullOrEmpty(text) ? null : text;
        }

        return target;
    }

    private static void Push(Stack<string> rest, string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int at = parts.Length - 1; at >= 0; at--)
        {
            if (parts[at] != ".")
            {
                rest.Push(parts[at]);
            }
        }
    }
}
