using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Packages;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>Debian's package manager, by its database in /var/lib/dpkg (dpkg(1), "FILES").</summary>
internal sealed class DpkgDatabase
{
    private const string Place = "/var/lib/dpkg";
    private const string Info = Place + "/info";
    private const string Suffix = ".list";
    private const int Largest = 64 << 20;

    // The first line of nearly every list: asked for as well, it tells which lists could be read.
    private const string Root = "/.";

    private readonly ISource _source;
    private readonly PackageQuery _query;

    private DpkgDatabase(ISource source, PackageQuery query)
    {
        _source = source;
        _query = query;
    }

    internal static void Search(ISource source, PackageQuery query)
    {
        DpkgDatabase database = new(source, query);
        database.SearchLists();
        DpkgImage.Search(source, query);
    }

    private void SearchLists()
    {
        const string File = Place + "/status";
        Answer answer = _source.File(File, Largest);
        if (!_query.Gaps.Check(answer, $"packages of dpkg in {File}"))
        {
            // Lists without the status file are a broken database, no missing one.
            if (answer.Error == Errno.ENOENT && _source.Status(Info).Ok && DirectoryListing.Of(_source.Directory(Info)).Exists(static entry => IsList(entry.Name)))
            {
                _query.Gaps.Add("packages", $"{File}: {Errno.Text(answer.Error)}", "repair the package database");
            }

            return;
        }

        _query.HasDatabase = true;
        DpkgStatus status = DpkgStatus.Parse(answer.Span);
        if (status.Error is not null)
        {
            _query.Damaged(File, status.Error);
        }

        ImmutableArray<DpkgDiversion> diversions = Diversions();
        DpkgLines wanted = new(_query.Spellings, diversions, new PathSpellings(_source));
        Answer lists = _source.FindLines(Info, Suffix, [.. wanted.Lines, Root]);
        if (!lists.Ok)
        {
            // Without any package there need not be a list.
            if (!status.Installed.IsEmpty)
            {
                _query.Gaps.Add("packages", $"{Info}: {Errno.Text(lists.Error)}", "repair the package database");
            }

            return;
        }

        HashSet<string> readable = new(StringComparer.Ordinal);
        Dictionary<string, DpkgPackage> installed = ByList(status.Installed);
        foreach ((string list, string line) in Hits(lists.Text!))
        {
            if (line == Root)
            {
                readable.Add(list);
            }

            // A list may be left of a package that has only its settings left.
            if (installed.TryGetValue(list, out DpkgPackage? package))
            {
                foreach (string path in wanted.OwnedBy(package.Name, line))
                {
                    _query.Found(path, new PackageFacts(package.Name, package.Version, "dpkg"));
                }
            }
        }

        CheckLists(status.Installed, readable);
    }

    private ImmutableArray<DpkgDiversion> Diversions()
    {
        const string File = Place + "/diversions";
        Answer answer = _source.File(File, Largest);
        if (!_query.Gaps.Check(answer, $"diversions of dpkg in {File}"))
        {
            return [];
        }

        (ImmutableArray<DpkgDiversion> diversions, LineError? error) = DpkgDiversion.Parse(answer.Text!);
        if (error is not null)
        {
            _query.Damaged(File, error);
        }

        return diversions;
    }

    // Every installed package must have a list, and every list must be one: else a file may be owned without our seeing it.
    private void CheckLists(ImmutableArray<DpkgPackage> installed, HashSet<string> readable)
    {
        HashSet<string> present = [.. DirectoryListing.Of(_source.Directory(Info)).Select(static entry => entry.Name).Where(IsList)];
        foreach (DpkgPackage package in installed)
        {
            if (NamesOfList(package).FirstOrDefault(present.Contains) is not string list)
            {
                _query.Gaps.Add("packages", $"{Info}/{package.Name}{Suffix} is missing", "repair the package database");
            }
            else if (!readable.Contains(list))
            {
                Answer answer = _source.File($"{Info}/{list}", Largest);
                LineError? error = answer.Ok ? DpkgFileList.Check(answer.Span) : null;
                if (_query.Gaps.Check(answer, $"packages of dpkg in {Info}/{list}") && error is not null)
                {
                    _query.Damaged($"{Info}/{list}", error);
                }
            }
        }
    }

    private static Dictionary<string, DpkgPackage> ByList(ImmutableArray<DpkgPackage> installed)
    {
        Dictionary<string, DpkgPackage> byList = new(StringComparer.Ordinal);
        foreach (DpkgPackage package in installed)
        {
            foreach (string list in NamesOfList(package))
            {
                byList.TryAdd(list, package);
            }
        }

        return byList;
    }

    // Packages that may be installed for several architectures at once have it in the name of their list.
    private static IEnumerable<string> NamesOfList(DpkgPackage package) =>
        package.Architecture is null ? [package.Name + Suffix] : [$"{package.Name}:{package.Architecture}{Suffix}", package.Name + Suffix];

    private static bool IsList(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    private static IEnumerable<(string List, string Line)> Hits(string text)
    {
        foreach (string hit in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int end = hit.IndexOf(Suffix + ":/", StringComparison.Ordinal);
            if (end >= 0)
            {
                yield return (hit[..(end + Suffix.Length)], hit[(end + Suffix.Length + 1)..]);
            }
        }
    }
}
