using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Text.Packages;

namespace Portcullis.Os.Linux.Packages;

/// <summary>
/// As which lines of dpkg's lists the wanted files may stand, and whose each line then is. A diversion puts the file that
/// a package lists at another place, unless it is that package's own diversion (dpkg-divert(1)).
/// </summary>
internal sealed class DpkgLines
{
    private readonly Dictionary<string, List<Place>> _lines = new(StringComparer.Ordinal);

    /// <summary>The wanted path that a line may be, and whose list must (or must not) have it.</summary>
    private sealed record Place(string Path, DpkgDiversion? Diversion, bool Moved);

    internal DpkgLines(IReadOnlyDictionary<string, List<string>> wanted, ImmutableArray<DpkgDiversion> diversions, PathSpellings spellings)
    {
        foreach ((string path, List<string> forms) in wanted)
        {
            DpkgDiversion? here = diversions.FirstOrDefault(diversion => forms.Contains(diversion.From));
            foreach (string form in forms)
            {
                Add(form, path, here, moved: false);
            }

            foreach (DpkgDiversion diversion in diversions.Where(diversion => forms.Contains(diversion.To)))
            {
                foreach (string form in spellings.Of(diversion.From))
                {
                    Add(form, path, diversion, moved: true);
                }
            }
        }
    }

    internal IEnumerable<string> Lines => _lines.Keys;

    /// <summary>The wanted paths that are a package's if its list has this line.</summary>
    internal IEnumerable<string> OwnedBy(string package, string line) =>
        !_lines.TryGetValue(line, out List<Place>? places) ? []
            : from place in places
              where place.Diversion is null || (place.Diversion.Package == package) != place.Moved
              select place.Path;

    private void Add(string line, string path, DpkgDiversion? diversion, bool moved)
    {
        if (!_lines.TryGetValue(line, out List<Place>? places))
        {
            _lines[line] = places = [];
        }

        places.Add(new Place(path, diversion, moved));
    }
}
