using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Packages;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>Packages in an image made without dpkg ("distroless"): a stanza for each in status.d, and its files in NAME.md5sums.</summary>
internal static class DpkgImage
{
    private const string Place = "/var/lib/dpkg/status.d";
    private const string Sums = ".md5sums";
    private const int Largest = 16 << 20;

    internal static void Search(ISource source, PackageQuery query)
    {
        Answer directory = source.Directory(Place);
        if (!query.Gaps.Check(directory, $"packages in {Place}"))
        {
            return;
        }

        query.HasDatabase = true;
        List<string> names = [.. DirectoryListing.Of(directory).Where(static entry => entry.Kind is not 'd').Select(static entry => entry.Name)];
        foreach (string name in names.Where(static name => !name.EndsWith(Sums, StringComparison.Ordinal)))
        {
            Answer answer = source.File($"{Place}/{name}", Largest);
            if (!query.Gaps.Check(answer, $"package in {Place}/{name}"))
            {
                continue;
            }

            DpkgStatus status = DpkgStatus.Parse(answer.Span, stateless: true);
            if (status.Error is not null)
            {
                query.Damaged($"{Place}/{name}", status.Error);
            }

            if (status.Installed is [DpkgPackage package, ..] && names.Contains(name + Sums))
            {
                SearchSums(source, query, $"{Place}/{name}{Sums}", package);
            }
        }
    }

    private static void SearchSums(ISource source, PackageQuery query, string file, DpkgPackage package)
    {
        // Thirty-two digits, two blanks, the path without its first "/".
        const int PathAt = 34;
        Answer answer = source.File(file, Largest);
        if (!query.Gaps.Check(answer, $"package in {file}"))
        {
            return;
        }

        HashSet<string> files = [.. answer.Text!.Split('\n').Where(static line => line.Length > PathAt).Select(static line => "/" + line[PathAt..].TrimStart('.').TrimStart('/'))];
        foreach ((string path, List<string> spellings) in query.Spellings)
        {
            if (spellings.Exists(files.Contains))
            {
                query.Found(path, new PackageFacts(package.Name, package.Version, "dpkg"));
            }
        }
    }
}
