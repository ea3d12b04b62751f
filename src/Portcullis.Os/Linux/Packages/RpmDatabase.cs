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

    private const string HomeOfRoot = "/root"; // FHS 3.0, 3.14

    // rpm on a Debian system makes an empty directory; only with a database in it there are packages. Debian 12's rpm keeps
    // root's in her home (%_dbpath in its macros).
    private static readonly string[] Places = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", HomeOfRoot + "/.rpmdb"];
    private static readonly string[] Formats = ["rpmdb.sqlite", "Packages", "Packages.db"];

    internal static void Search(ISource source, IToolRunner? tools, PackageQuery query)
    {
        string? place = Array.Find(Places, place => Array.Exists(Formats, name => source.Status($"{place}/{name}").Error is not (Errno.ENOENT or Errno.ENOTDIR)));
        if (place is null)
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

        // Of a file that is gone and no package's, rpm tells on standard error only. That its silence means this is certain
        // only where it still answers for a file that is there: itself.
        Answer answer = tools.Run(Tool, ["--dbpath", place, "-qf", "--qf", RpmAnswer.QueryFormat, "--", .. paths, Tool], Limit, Largest);
        if (!answer.Ok)
        {
            query.Gaps.Add("packages of rpm", $"{Tool}: {Errno.Text(answer.Error)}");
            return;
        }

        RpmAnswer said = RpmAnswer.Parse(answer.Text!, paths.Append(Tool).ToHashSet(StringComparer.Ordinal));
        bool isSound = said.Owners.ContainsKey(Tool) || said.Unowned.Contains(Tool);
        foreach ((string path, List<string> spellings) in query.Spellings)
        {
            if (spellings.Find(said.Owners.ContainsKey) is string listed)
            {
                query.Found(path, new PackageFacts(said.Owners[listed].Name, said.Owners[listed].Version, "rpm"));
            }
            else if (!spellings.Exists(said.Unowned.Contains) && !(isSound && spellings.TrueForAll(one => source.Status(one).Error is Errno.ENOENT or Errno.ENOTDIR)))
            {
                query.Gaps.Add("packages of rpm", $"{Tool} said nothing of {path}");
            }
        }
    }
}
