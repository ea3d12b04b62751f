using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>All the unit files of one manager: which file a name means, what changes it, and what they say.</summary>
internal sealed class UnitTree
{
    /// <summary>No unit file of sense is longer; systemd itself gives up at this length of a line.</summary>
    private const int LongestFile = 1 << 20;

    // systemd follows a name through at most this many aliases.
    private const int MostAliases = 8;

    private readonly ISource _source;
    private readonly GapList _gaps;
    private readonly PathResolver _links;

    // A name leads to a file (an absolute path) or to another name.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnitFile?> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _dropIns = new(StringComparer.Ordinal);
    private readonly ILookup<string?, string> _aliases;

    internal UnitTree(ISource source, PathResolver links, UnitScope scope, GapList gaps)
    {
        _source = source;
        _links = links;
        _gaps = gaps;
        Scope = scope;
        Directories = [.. scope.Directories.Select(path => UnitDirectory.Read(source, links, path, gaps))];
        foreach (UnitDirectory directory in Directories)
        {
            foreach (string file in directory.Files)
            {
                _names.TryAdd(file, $"{directory.Path}/{file}");
            }

            foreach ((string name, string target) in directory.Links)
            {
                if (MeaningOf(directory.Path, name, target) is string meaning)
                {
                    _names.TryAdd(name, meaning);
                }
            }
        }

        _aliases = _names.Keys.Where(IsAlias).ToLookup(Follow, StringComparer.Ordinal);
    }

    internal UnitScope Scope { get; }

    internal ImmutableArray<UnitDirectory> Directories { get; }

    /// <summary>Every name that has a file or link, and every instance that something pulls in.</summary>
    internal IEnumerable<string> Names => _names.Keys.Concat(Directories.SelectMany(static directory => directory.PulledIn)).Distinct(StringComparer.Ordinal);

    /// <summary>Whether a name is only another name of a unit.</summary>
    internal bool IsAlias(string name) => _names.TryGetValue(name, out string? meaning) && meaning[0] != '/';

    /// <summary>The file that a name means, or its template's; null where there is none.</summary>
    internal string? FragmentOf(string name) =>
        Follow(name) ?? (UnitName.Template(name) is string template ? Follow(template) : null);

    /// <summary>The full path a link leads to, its last part not followed.</summary>
    internal string TargetOf(string path, string target) =>
        _links.ResolveParent(target.StartsWith('/') ? target : $"{path[..path.LastIndexOf('/')]}/{target}");

    /// <summary>Where a path leads to if it is a link, as written; else null.</summary>
    internal string? LinkAt(string path) => _links.TargetOf(path);

    /// <summary>Whether there is something at a path, or it can't be told.</summary>
    internal bool Exists(string path) => _source.Status(path).Error is not (Errno.ENOENT or Errno.ENOTDIR);

    /// <summary>Whether a file masks the unit: /dev/null, or an empty file.</summary>
    internal bool IsMask(string path)
    {
        if (path == "/dev/null")
        {
            return true;
        }

        // "device inode links mode uid size"
        string[]? status = _source.Status(path).Text?.Split(' ');
        return status is { Length: 6 } && uint.TryParse(status[3], out uint mode)
            && ((mode & Libc.S_IFMT) is not (Libc.S_IFREG or Libc.S_IFDIR or Libc.S_IFLNK) || ((mode & Libc.S_IFMT) == Libc.S_IFREG && status[5] == "0"));
    }

    /// <summary>The drop-ins that change a unit, in the order in which they apply.</summary>
    internal string[] DropInsOf(string name) =>
        _dropIns.TryGetValue(name, out string[]? known) ? known : _dropIns[name] = FindDropIns(name);

    /// <summary>What one file says; null where it could not be read, which is then a gap.</summary>
    internal UnitFile? Load(string path)
    {
        if (_files.TryGetValue(path, out UnitFile? known))
        {
            return known;
        }

        UnitFile? file = null;
        Answer answer = _source.File(path, LongestFile);
        if (answer.Ok && answer.Bytes.Length >= LongestFile)
        {
            _gaps.Add($"unit file {path}", "it has more than 1 MiB");
        }
        else if (answer.Ok)
        {
            file = UnitFile.Parse(Encoding.UTF8.GetString(answer.Span));
        }
        else if (IsMask(_links.Resolve(path)))
        {
            file = UnitFile.Empty;
        }
        else if (answer.Error is not (Errno.ENOENT or Errno.ENOTDIR))
        {
            _gaps.Add($"unit file {path}", Errno.Text(answer.Error), answer.Error == Errno.EACCES ? "run as root" : null);
        }

        return _files[path] = file;
    }

    /// <summary>A unit's file with its drop-ins; null where the file could not be read.</summary>
    internal UnitFile? LoadAll(string fragment, string[] dropIns)
    {
        UnitFile? file = Load(fragment);
        foreach (string dropIn in dropIns)
        {
            file = file?.With(Load(dropIn) ?? UnitFile.Empty);
        }

        return file;
    }

    private string[] FindDropIns(string name)
    {
        Dictionary<string, string> chosen = new(StringComparer.Ordinal);
        string? fragment = FragmentOf(name);
        IEnumerable<string> names = fragment is null ? [name] : [name, .. _aliases[fragment], fragment[(fragment.LastIndexOf('/') + 1)..]];
        foreach (string path in names.Distinct(StringComparer.Ordinal).SelectMany(DropInDirectories).Concat(TypeDirectories(name)).Distinct(StringComparer.Ordinal))
        {
            Answer answer = _source.Directory(path);
            if (_gaps.Check(answer, $"drop-ins in {path}"))
            {
                foreach ((char kind, string file) in DirectoryListing.Of(answer))
                {
                    if (kind is not 'd' && file.EndsWith(".conf", StringComparison.Ordinal))
                    {
                        chosen.TryAdd(file, $"{path}/{file}");
                    }
                }
            }
        }

        return [.. chosen.Keys.Order(StringComparer.Ordinal).Select(file => chosen[file])];
    }

    private string? Follow(string name)
    {
        for (int step = 0; step < MostAliases && _names.TryGetValue(name, out string? meaning); step++)
        {
            if (meaning[0] == '/')
            {
                return meaning;
            }

            name = meaning;
        }

        return null;
    }

    // A link inside the load path gives a unit another name; one that leaves it brings in a file from elsewhere, or masks.
    private string? MeaningOf(string directory, string name, string target)
    {
        string full = TargetOf($"{directory}/{name}", target);
        if (!Scope.Holds(full))
        {
            return $"{directory}/{name}";
        }

        string other = full[(full.LastIndexOf('/') + 1)..];
        return CanMean(name, other) ? other : null;
    }

    /// <summary>Whether a unit may have an alias of this form (systemd.unit(5), "Alias="): the same type and kind of name.</summary>
    internal static bool CanMean(string alias, string name) =>
        alias != name
        && UnitName.IsValid(name)
        && UnitName.TypeOf(alias) == UnitName.TypeOf(name)
        && (UnitName.IsInstance(alias)
            ? UnitName.IsTemplate(name) || (UnitName.IsInstance(name) && UnitName.Instance(alias) == UnitName.Instance(name))
            : UnitName.IsTemplate(alias) == UnitName.IsTemplate(name) && !UnitName.IsInstance(name));

    private IEnumerable<string> DropInDirectories(string name) =>
        from directory in Directories
        from form in DropInForms(name)
        let sub = form + ".d"
        where directory.HasDirectory(sub)
        select $"{directory.Path}/{sub}";

    private IEnumerable<string> TypeDirectories(string name) =>
        from directory in Directories
        let sub = UnitName.TypeOf(name) + ".d"
        where directory.HasDirectory(sub)
        select $"{directory.Path}/{sub}";

    // "a-b@c.service" is also changed by what is said of "a-b@.service", "a-.service", "a-@c.service" and "a-@.service".
    private static IEnumerable<string> DropInForms(string name)
    {
        yield return name;
        if (UnitName.Template(name) is string template)
        {
            foreach (string form in DropInForms(template))
            {
                yield return form;
            }
        }

        string prefix = UnitName.Prefix(name);
        int dash = prefix.TrimEnd('-').LastIndexOf('-');
        if (dash > 0)
        {
            string rest = UnitName.IsTemplate(name) ? "." + UnitName.TypeOf(name) : name[prefix.Length..];
            foreach (string form in DropInForms(prefix[..(dash + 1)] + rest))
            {
                yield return form;
            }
        }
    }
}
