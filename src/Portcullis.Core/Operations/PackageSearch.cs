using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>Adds to processes, units and super-server entries the packages that own their files.</summary>
internal sealed class PackageSearch
{
    private readonly IPackages _packages;
    private readonly ImmutableDictionary<string, PackageFacts?> _own;
    private readonly ImmutableArray<ProcessFacts> _holders;

    /// <summary>Asks the machine's own databases once for everything, since each question reads all of them.</summary>
    internal PackageSearch(
        IPackages packages, IEnumerable<ProcessFacts> holders, ImmutableArray<UnitFacts> units, ImmutableArray<SuperServerEntry> entries)
    {
        _packages = packages;
        _holders = [.. holders.Select(process => process with { Script = Interpreter.ScriptOf(process) })];
        _own = Search(
            _holders.Where(process => process.OwnRoot != true).SelectMany(FilesOf)
                .Concat(units.Select(FileOf))
                .Concat(entries.Select(entry => entry.Program)),
            insideRootOf: null);
    }

    /// <summary>What could not be found out.</summary>
    internal List<Gap> Gaps { get; } = [];

    /// <summary>The holders with their packages, each by the databases of its own root directory.</summary>
    internal IEnumerable<ProcessFacts> Processes()
    {
        Dictionary<string, ImmutableDictionary<string, PackageFacts?>> byRoot = new(StringComparer.Ordinal);
        foreach (ProcessFacts process in _holders)
        {
            // Within a root directory of its own a process is a machine of its own, together with all that share it.
            ImmutableDictionary<string, PackageFacts?>? owners = process.OwnRoot == true ? null : _own;
            string root = process.Root ?? process.Pid.ToString(CultureInfo.InvariantCulture);
            if (owners is null && !byRoot.TryGetValue(root, out owners))
            {
                IEnumerable<ProcessFacts> sharers = process.Root is null ? [process] : _holders.Where(one => one.Root == process.Root);
                byRoot[root] = owners = Search(sharers.SelectMany(FilesOf), process.Pid);
            }

            bool known = owners.TryGetValue(process.Executable ?? "", out PackageFacts? package);
            yield return process with
            {
                Package = package,
                Packaged = known ? package is not null : null,
                ScriptPackage = owners.GetValueOrDefault(process.Script ?? ""),
            };
        }
    }

    /// <summary>The unit with the package of its file, or of the script that it was generated from.</summary>
    internal UnitFacts Of(UnitFacts unit) => unit with { Package = _own.GetValueOrDefault(FileOf(unit) ?? "") };

    /// <summary>The entry with the package of the program that answers.</summary>
    internal SuperServerEntry Of(SuperServerEntry entry) => entry with { Package = _own.GetValueOrDefault(entry.Program ?? "") };

    private static IEnumerable<string?> FilesOf(ProcessFacts process) => [process.Executable, process.Script];

    private static string? FileOf(UnitFacts unit) => unit.SourcePath ?? unit.Fragment;

    private ImmutableDictionary<string, PackageFacts?> Search(IEnumerable<string?> paths, int? insideRootOf)
    {
        string[] wanted = [.. paths.OfType<string>().Distinct()];
        if (wanted.Length == 0)
        {
            return ImmutableDictionary<string, PackageFacts?>.Empty;
        }

        PackageInventory inventory = _packages.OwnersOf(wanted, insideRootOf);
        Gaps.AddRange(inventory.Gaps);
        return inventory.Owners;
    }
}
