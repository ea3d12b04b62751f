using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>The question which packages own some files, and the answer as far as it has come.</summary>
internal sealed class PackageQuery
{
    private readonly Dictionary<string, PackageFacts> _owners = new(StringComparer.Ordinal);

    internal PackageQuery(IReadOnlyCollection<string> paths, PathSpellings spellings)
    {
        // A path with a line break can't stand in any of the databases, which are lists of lines.
        Spellings = paths.Where(static path => path.StartsWith('/')).Distinct(StringComparer.Ordinal)
            .ToDictionary(static path => path, path => path.AsSpan().ContainsAny('\n', '\0') ? [] : spellings.Of(path), StringComparer.Ordinal);
    }

    /// <summary>The wanted paths, each with all its spellings.</summary>
    internal IReadOnlyDictionary<string, List<string>> Spellings { get; }

    internal GapList Gaps { get; } = new();

    /// <summary>Whether there is a database at all; without one, nothing is known of any file.</summary>
    internal bool HasDatabase { get; set; }

    /// <summary>The first to name an owner counts.</summary>
    internal void Found(string path, PackageFacts package) => _owners.TryAdd(path, package);

    /// <summary>Notes a place in a database that makes no sense: what nobody was found to own may still be owned.</summary>
    internal void Damaged(string file, LineError error) =>
        Gaps.Add("packages", $"{file} line {error.Line}: {error.Why}", "repair the package database");

    /// <summary>The answer; what has no owner is told only where every database could be read as a whole.</summary>
    internal PackageInventory Answer()
    {
        Dictionary<string, PackageFacts?> owners = new(StringComparer.Ordinal);
        foreach (string path in Spellings.Keys)
        {
            if (_owners.TryGetValue(path, out PackageFacts? package) || (HasDatabase && Gaps.Count == 0))
            {
                owners[path] = package;
            }
        }

        return new PackageInventory(owners.ToImmutableDictionary(StringComparer.Ordinal), Gaps.ToImmutable());
    }
}
