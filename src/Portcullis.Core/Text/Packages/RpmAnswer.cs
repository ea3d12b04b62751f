using System;
using System.Collections.Generic;

namespace Portcullis.Core.Text.Packages;

/// <summary>What "rpm -qf" answered about several files.</summary>
/// <param name="Owners">For each path that a package lists: its name and version.</param>
/// <param name="Unowned">The paths of which it says that no package owns them.</param>
public sealed record RpmAnswer(IReadOnlyDictionary<string, (string Name, string? Version)> Owners, IReadOnlySet<string> Unowned)
{
    /// <summary>The format to ask in: each file of each owning package on a line of its own, so that one call serves for many files.</summary>
    public const string QueryFormat = "[%{=NAME}\\t%{=EVR}\\t%{FILENAMES}\\n]";

    /// <summary>Reads the answer, given in the C locale.</summary>
    /// <param name="text">Standard output.</param>
    /// <param name="wanted">The paths of interest.</param>
    public static RpmAnswer Parse(string text, IReadOnlySet<string> wanted)
    {
        const string Before = "file ";
        const string After = " is not owned by any package";
        Dictionary<string, (string Name, string? Version)> owners = new(StringComparer.Ordinal);
        HashSet<string> unowned = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split('\t', 3);
            if (fields.Length == 3 && fields[0].Length > 0)
            {
                if (wanted.Contains(fields[2]))
                {
                    owners.TryAdd(fields[2], (fields[0], fields[1].Length == 0 ? null : fields[1]));
                }
            }
            else if (line.StartsWith(Before, StringComparison.Ordinal) && line.EndsWith(After, StringComparison.Ordinal) && line.Length > Before.Length + After.Length)
            {
                unowned.Add(line[Before.Length..^After.Length]);
            }
        }

        return new RpmAnswer(owners, unowned);
    }
}
