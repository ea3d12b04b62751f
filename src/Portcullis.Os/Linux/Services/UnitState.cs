using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Os.Linux.Services;

/// <summary>What "systemctl is-enabled" says of a unit, found out from the files alone (systemctl(1), "is-enabled").</summary>
internal sealed class UnitState
{
    // systemd's UNIT_FILE_FOLLOW_SYMLINK_MAX.
    private const int MostLinks = 64;

    private readonly UnitTree _tree;

    internal UnitState(UnitTree tree) => _tree = tree;

    /// <summary>The state; "bad" where the links lead nowhere or in circles; null where the file could not be read.</summary>
    internal string? Of(string name)
    {
        (string Unit, string Path)? found = Find(name);
        if (found is not (string unit, string path))
        {
            return "bad";
        }

        string directory = path[..path.LastIndexOf('/')];
        string file = path[(path.LastIndexOf('/') + 1)..];
        if (_tree.IsMask(path) || _tree.IsMask(Target(path) ?? path))
        {
            return UnitScope.IsRuntime(path) ? "masked-runtime" : "masked";
        }

        if (!_tree.Exists(path))
        {
            return "bad";
        }

        if (name != file && !UnitName.IsInstance(unit))
        {
            return "alias";
        }

        if (_tree.Scope.Generated.Contains(directory, StringComparer.Ordinal))
        {
            return "generated";
        }

        if (_tree.Scope.TransientDirectory == directory)
        {
            return "transient";
        }

        return _tree.LoadAll(path, _tree.DropInsOf(unit)) is UnitFile text ? ByLinks(unit, path, InstallSection.Of(text, unit, _tree.Scope.Values)) : null;
    }

    private string ByLinks(string unit, string path, InstallSection install)
    {
        if (LinkedAs(unit, path, link => install.Makes(link, unit)) is string state)
        {
            return state;
        }

        // Links under other names than those that enabling makes: it may be in use, but not by its own will.
        return LinkedAs(unit, path, static _ => true) is not null || (!install.HasRules && install.HasAlso)
            ? "indirect"
            : install.HasRules ? "disabled" : "static";
    }

    private string? LinkedAs(string unit, string path, Predicate<string> counts)
    {
        bool atRuntime = false;
        bool elsewhere = false;
        bool sameName = false;
        bool sameNameAtRuntime = false;
        bool below = false;
        foreach (UnitDirectory directory in _tree.Directories)
        {
            // The unit's own file hides links of its name in the directories that count less, but not what pulls it in.
            bool pulledIn = directory.PulledIn.Contains(unit) && counts(unit);
            IEnumerable<string> aliases = directory.Links.Where(link => (!below && link.Key == unit) != (BaseName(link.Value) == unit)).Select(static link => link.Key);
            bool runtime = UnitScope.IsRuntime(directory.Path + "/");
            if (pulledIn || aliases.Any(link => counts(link)))
            {
                if (directory.Path == _tree.Scope.Persistent || (_tree.Scope.User is not null && directory.Path == "/etc/systemd/user"))
                {
                    return "enabled";
                }

                atRuntime |= runtime;
                elsewhere |= !runtime;
            }
            else if (!below && directory.Links.TryGetValue(unit, out string? target) && BaseName(target) == unit)
            {
                sameName |= directory.Path == _tree.Scope.Persistent;
                sameNameAtRuntime |= runtime;
            }

            below |= path.StartsWith(directory.Path + "/", StringComparison.Ordinal);
        }

        return atRuntime ? "enabled-runtime"
            : elsewhere && UnitName.IsInstance(unit) ? "static"
            : sameName ? "linked"
            : sameNameAtRuntime ? "linked-runtime"
            : null;
    }

    // Follows aliases (another name inside the load path) and linked files (outside) up to a file.
    private (string Unit, string Path)? Find(string unit)
    {
        string? path = Search(unit);
        for (int step = 0; step < MostLinks && path is not null; step++)
        {
            if (Target(path) is not string target || _tree.IsMask(target))
            {
                return (unit, path);
            }

            string name = BaseName(target);
            if (!_tree.Scope.Holds(target))
            {
                path = target;
                continue;
            }

            // A link to the same name inside the load path is no alias but a circle to systemd.
            if (!UnitTree.CanMean(BaseName(path), name))
            {
                return null;
            }

            string next = UnitName.IsInstance(unit) && UnitName.IsTemplate(name) ? UnitName.WithInstance(name, UnitName.Instance(unit)!) : name;
            path = next == unit ? target : Search(next);
            unit = next;
        }

        return null;
    }

    private string? Search(string unit) => Where(unit) ?? (UnitName.Template(unit) is string template ? Where(template) : null);

    private string? Where(string name) => _tree.Directories.FirstOrDefault(directory => directory.Has(name)) is UnitDirectory directory ? $"{directory.Path}/{name}" : null;

    private string? Target(string path) => _tree.LinkAt(path) is string target ? _tree.TargetOf(path, target) : null;

    private static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
