using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>What stands in one directory of a manager's load path.</summary>
internal sealed class UnitDirectory
{
    private static readonly string[] Suffixes = [".wants", ".requires", ".upholds"];

    private readonly HashSet<string> _subdirectories = new(StringComparer.Ordinal);

    private UnitDirectory(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Unit files, masked ones included.</summary>
    internal HashSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Links by name, with their targets as written.</summary>
    internal Dictionary<string, string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the links in .wants, .requires and .upholds directories: what other units pull in.</summary>
    internal HashSet<string> PulledIn { get; } = new(StringComparer.Ordinal);

    internal static UnitDirectory Read(ISource source, PathResolver links, string path, GapList gaps)
    {
        UnitDirectory result = new(path);
        Answer answer = source.Directory(path);
        if (!gaps.Check(answer, $"unit files in {path}"))
        {
            return result;
        }

        foreach ((char kind, string name) in DirectoryListing.Of(answer))
        {
            // A directory may also be a link to one ("docker.service.d").
            string? target = kind is 'l' or 'o' ? links.TargetOf($"{path}/{name}") : null;
            if (target is not null && UnitName.IsValid(name))
            {
                result.Links[name] = target;
            }
            else if (kind is 'd' || target is not null)
            {
                result._subdirectories.Add(name);
                if (kind is 'd' && Array.Exists(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
                {
                    result.ReadPulledIn(source, $"{path}/{name}", gaps);
                }
            }
            else if (kind is 'f' or 'o' && UnitName.IsValid(name))
            {
                result.Files.Add(name);
            }
        }

        return result;
    }

    /// <summary>Whether there is a directory of this name.</summary>
    internal bool HasDirectory(string name) => _subdirectories.Contains(name);

    /// <summary>Whether there is a unit file or link of this name.</summary>
    internal bool Has(string unit) => Files.Contains(unit) || Links.ContainsKey(unit);

    private void ReadPulledIn(ISource source, string path, GapList gaps)
    {
        Answer answer = source.Directory(path);
        if (gaps.Check(answer, $"unit files in {path}"))
        {
            PulledIn.UnionWith(DirectoryListing.Of(answer).Where(static entry => entry.Kind is 'l' or 'o').Select(static entry => entry.Name));
        }
    }
}
