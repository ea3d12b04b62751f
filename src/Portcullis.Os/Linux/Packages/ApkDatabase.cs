using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Packages;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packages;

/// <summary>Alpine's package manager.</summary>
internal static class ApkDatabase
{
    private const int Largest = 64 << 20;

    // The second is where apk 3 keeps it on a merged system.
    private static readonly string[] Places = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

    internal static void Search(ISource source, PackageQuery query)
    {
        foreach (string place in Places)
        {
            Answer answer = source.File(place, Largest);
            if (!query.Gaps.Check(answer, $"packages of apk in {place}"))
            {
                continue;
            }

            query.HasDatabase = true;
            ApkInstalled installed = ApkInstalled.Find(answer.Span, query.Spellings.Values.SelectMany(static all => all).ToHashSet(StringComparer.Ordinal));
            if (installed.Error is not null)
            {
                query.Damaged(place, installed.Error);
            }

            foreach ((string path, List<string> spellings) in query.Spellings)
            {
                if (spellings.Find(installed.Owners.ContainsKey) is string listed)
                {
                    query.Found(path, new PackageFacts(installed.Owners[listed].Name, installed.Owners[listed].Version, "apk"));
                }
            }

            return;
        }
    }
}
