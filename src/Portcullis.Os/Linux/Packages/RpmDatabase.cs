using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Packages;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>rpm, whose database has several formats and is read by its own tool alone.</summary>
internal static class RpmDatabase
{
    private const string Tool = "/usr/bin/rpm";
    private const int Largest = 64 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // rpm on a Debian system makes an empty directory; only with a database in it there are packages.
    private static readonly string[] Places =
    [
        "/var/lib/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages", "/var/lib/rpm/Packages.db",
        "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages", "/usr/lib/sysimage/rpm/Packages.db",
    ];

    internal static void Search(ISource source, IToolRunner? tools, PackageQuery query)
    {
        if (Array.TrueForAll(Places, place => source.Status(place).Error is Errno.ENOENT or Errno.ENOTDIR))
        {
            return;
        }

        query.HasDatabase = true;
        if (tools is null)
        {
            query.Gaps.Add("packages of rpm", "its tool is not run here");
            return;
        }

        string[] paths = [.. query.Spellings.SelectMany(static pair => pair.Value).Distinct(StringComparer.Ordinal)];
        if (paths.Length == 0)
        {
            return;
        }

        Answer answer = tools.Run(Tool, ["-qf", "--qf", RpmAnswer.QueryFormat, "--", .. paths], Limit, Largest);
        if (!answer.Ok)
        {
            query.Gaps.Add("packages of rpm", $"{Tool}: {Errno.Text(answer.Error)}");
            return;
        }

        RpmAnswer said = RpmAnswer.Parse(answer.Text!, paths.ToHashSet(StringComparer.Ordinal));
        foreach ((string path, List<string> spellings) in query.Spellings)
        {
            if (spellings.Find(said.Owners.ContainsKey) is string listed)
            {
                query.Found(path, new PackageFacts(said.Owners[listed].Name, said.Owners[listed].Version, "rpm"));
            }
            else if (!spellings.Exists(said.Unowned.Contains))
            {
                query.Gaps.Add("packages of rpm", $"{Tool} said nothing of {path}");
            }
        }
    }
}
