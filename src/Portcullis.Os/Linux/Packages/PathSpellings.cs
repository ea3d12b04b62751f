using System;
using System.Collections.Generic;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>
/// The other paths under which a package may list a file. On a merged system /lib leads to /usr/lib, and the kernel names
/// /usr/lib/systemd/systemd what its package lists as /lib/systemd/systemd.
/// </summary>
internal sealed class PathSpellings
{
    private static readonly string[] Merged = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/libo32", "/usr/sbin", "/usr/lib64"];

    private readonly List<(string Link, string Target)> _links = [];

    internal PathSpellings(ISource source)
    {
        PathResolver resolver = new(source);
        foreach (string link in Merged)
        {
            if (resolver.Resolve(link) is string target && target != link && target != "/")
            {
                _links.Add((link, target));
            }
        }
    }

    /// <summary>The path itself first, then its other spellings.</summary>
    internal List<string> Of(string path)
    {
        List<string> all = [path];
        for (int at = 0; at < all.Count && all.Count < 8; at++)
        {
            foreach ((string link, string target) in _links)
            {
                Add(all, at, target, link);
                Add(all, at, link, target);
            }
        }

        return all;
    }

    private static void Add(List<string> all, int at, string from, string to)
    {
        if (all[at].StartsWith(from + "/", StringComparison.Ordinal) && to + all[at][from.Length..] is string other && !all.Contains(other))
        {
            all.Add(other);
        }
    }
}
