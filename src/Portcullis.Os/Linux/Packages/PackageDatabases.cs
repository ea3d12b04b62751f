using System.Collections.Generic;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>The package managers of one root directory: dpkg and apk by their databases, rpm by its own tool.</summary>
internal sealed class PackageDatabases
{
    // Of managers that are not read here; on such a machine "no package" would be a guess.
    private static readonly (string Place, string Manager)[] Foreign =
    [
        ("/var/lib/pacman/local", "pacman"), ("/var/db/pkg", "portage"), ("/nix/store", "nix"), ("/var/db/xbps", "xbps"),
        ("/usr/lib/opkg/status", "opkg"), ("/var/lib/opkg/status", "opkg"), ("/var/lib/eopkg", "eopkg"),
    ];

    private readonly ISource _source;
    private readonly IToolRunner? _tools;

    /// <param name="source">The files of the root directory whose databases are asked.</param>
    /// <param name="tools">Runs rpm, where that is wanted; it answers for the machine's own root directory.</param>
    internal PackageDatabases(ISource source, IToolRunner? tools = null)
    {
        _source = source;
        _tools = tools;
    }

    /// <summary>Finds the package that owns each file.</summary>
    /// <param name="paths">Absolute paths with all links resolved, as the kernel names executables.</param>
    internal PackageInventory OwnersOf(IReadOnlyCollection<string> paths)
    {
        PackageQuery query = new(paths, new PathSpellings(_source));
        DpkgDatabase.Search(_source, query);
        ApkDatabase.Search(_source, query);
        RpmDatabase.Search(_source, _tools, query);
        foreach ((string place, string manager) in Foreign)
        {
            if (_source.Status(place).Error is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                query.Gaps.Add("packages", $"the database of {manager} is not read");
            }
        }

        if (!query.HasDatabase && query.Gaps.Count == 0 && _tools is not null)
        {
            query.Gaps.Add("packages", "no package database was found");
        }

        return query.Answer();
    }
}
