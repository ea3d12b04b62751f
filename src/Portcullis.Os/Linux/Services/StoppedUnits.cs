using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>
/// Tells which services do not run. systemd keeps a link "invocation:NAME" for every unit for which it has started a process,
/// until the unit is inactive or failed (unit_unlink_state_files of systemd's core/unit.c, seen with 252 and 257); this also
/// holds for a service that is active without a process of its own, as that of the kernel's NFS server. Older ones keep none
/// (before 236), so that a control group with a process in it counts as well.
/// </summary>
internal sealed class StoppedUnits
{
    private const string Mark = "invocation:";

    private readonly ISource _source;
    private readonly UnitTree _tree;
    private readonly HashSet<string> _running;

    /// <param name="source">Where the files are read.</param>
    /// <param name="tree">The units of the system.</param>
    /// <param name="started">What stands in the directory of such links.</param>
    /// <param name="running">Units known to run.</param>
    internal StoppedUnits(ISource source, UnitTree tree, Answer started, IReadOnlyCollection<string> running)
    {
        _source = source;
        _tree = tree;
        _running = new HashSet<string>(running, StringComparer.Ordinal);
        foreach (ListedEntry entry in DirectoryListing.Of(started))
        {
            if (entry.Name.StartsWith(Mark, StringComparison.Ordinal))
            {
                _running.Add(entry.Name[Mark.Length..]);
            }
        }
    }

    /// <summary>Those of the named services that have a file and do not run, by their own names.</summary>
    internal IEnumerable<string> Among(IReadOnlyCollection<string> names)
    {
        HashSet<string> templates = [.. names.Where(static name => UnitName.IsValid(name) && UnitName.IsTemplate(name))];
        return names
            .Where(static name => UnitName.IsValid(name) && !UnitName.IsTemplate(name))
            .Concat(_tree.Names.Where(name => UnitName.IsValid(name) && UnitName.Template(name) is string template && templates.Contains(template)))
            .Where(static name => name.EndsWith(".service", StringComparison.Ordinal))
            .Select(OwnName).OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Where(name => !_running.Contains(name) && !IsPopulated(name))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The name of the unit's file where the name is only another of it; null where there is no file.</summary>
    private string? OwnName(string name) =>
        _tree.FragmentOf(name) is not string fragment ? null
        : _tree.IsAlias(name) && !UnitName.IsInstance(name) ? fragment[(fragment.LastIndexOf('/') + 1)..]
        : name;

    /// <summary>Whether a process is in the unit's control group, in the place that it has by default (cgroups(7), systemd.slice(5)).</summary>
    private bool IsPopulated(string name)
    {
        // "a@b.service" is in the slice "system-a.slice"; a "-" of "a" would make slices within slices and is escaped.
        string slice = UnitName.IsInstance(name)
            ? $"system.slice/system-{UnitName.Prefix(name).Replace("-", "\\x2d", StringComparison.Ordinal)}.slice"
            : "system.slice";
        foreach (string root in new[] { "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd" })
        {
            if (_source.File($"{root}/{slice}/{name}/cgroup.procs").Span.Length > 0)
            {
                return true;
            }
        }

        return false;
    }
}
