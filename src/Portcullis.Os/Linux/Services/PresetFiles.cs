using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>Reads the preset files of one manager: by file name, a file of the same name in an earlier directory replacing it.</summary>
internal static class PresetFiles
{
    internal static Presets Read(ISource source, UnitScope scope, GapList gaps)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in scope.Presets)
        {
            Answer answer = source.Directory(directory);
            if (gaps.Check(answer, $"presets in {directory}"))
            {
                foreach ((char kind, string name) in DirectoryListing.Of(answer))
                {
                    if (kind is not 'd' && name.EndsWith(".preset", StringComparison.Ordinal))
                    {
                        files.TryAdd(name, $"{directory}/{name}");
                    }
                }
            }
        }

        Presets presets = new();
        foreach (string file in files.Keys.Order(StringComparer.Ordinal))
        {
            string path = files[file];

            // A link to /dev/null takes a file out of use.
            if (source.Link(path).Text == "/dev/null")
            {
                continue;
            }

            Answer answer = source.File(path);
            if (gaps.Check(answer, $"presets in {path}"))
            {
                presets.Add(Encoding.UTF8.GetString(answer.Span));
            }
        }

        return presets;
    }
}
