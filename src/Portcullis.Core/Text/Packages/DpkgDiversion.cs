using System.Collections.Immutable;

namespace Portcullis.Core.Text.Packages;

/// <summary>A file that dpkg-divert(1) puts elsewhere.</summary>
/// <param name="From">The path as packages list it.</param>
/// <param name="To">Where the file of every other package is put instead.</param>
/// <param name="Package">The package whose own file keeps the path; null for a local diversion, which applies to all.</param>
public sealed record DpkgDiversion(string From, string To, string? Package)
{
    /// <summary>Reads /var/lib/dpkg/diversions: three lines for each, ":" for local.</summary>
    /// <returns>The diversions before the first error, and that error.</returns>
    public static (ImmutableArray<DpkgDiversion> Diversions, LineError? Error) Parse(string text)
    {
        ImmutableArray<DpkgDiversion>.Builder found = ImmutableArray.CreateBuilder<DpkgDiversion>();
        string[] lines = text.Split('\n');
        int count = lines.Length - (lines[^1].Length == 0 ? 1 : 0);
        for (int at = 0; at < count; at += 3)
        {
            if (at + 2 >= count)
            {
                return (found.ToImmutable(), new LineError(count, "the last diversion is not complete"));
            }

            for (int path = at; path < at + 2; path++)
            {
                if (!lines[path].StartsWith('/'))
                {
                    return (found.ToImmutable(), new LineError(path + 1, "it is no path"));
                }
            }

            if (lines[at + 2].Length == 0)
            {
                return (found.ToImmutable(), new LineError(at + 3, "it is no package"));
            }

            found.Add(new DpkgDiversion(lines[at], lines[at + 1], lines[at + 2] == ":" ? null : lines[at + 2]));
        }

        return (found.ToImmutable(), null);
    }
}
