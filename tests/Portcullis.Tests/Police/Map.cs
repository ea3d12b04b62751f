using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Portcullis.Tests.Police;

/// <summary>
/// The names in the tables of ARCHITECTURE.md and GLOSSARY.md. A name is what stands in backticks in a table's cell.
/// Rows between the lines "&lt;!-- arriving --&gt;" and "&lt;!-- arrived --&gt;" name what may not be there yet.
/// </summary>
internal sealed partial class Map
{
    private Map(HashSet<string> here, HashSet<string> arriving)
    {
        Here = here;
        Arriving = arriving;
    }

    /// <summary>What must be there.</summary>
    internal HashSet<string> Here { get; }

    /// <summary>What may be there.</summary>
    internal HashSet<string> Arriving { get; }

    /// <param name="text">The document.</param>
    /// <param name="column">The cell that holds the names, from 0.</param>
    internal static Map Read(string text, int column)
    {
        Map map = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        bool arriving = false;
        foreach (string line in text.Split('\n'))
        {
            arriving = line.Trim() switch { "<!-- arriving -->" => true, "<!-- arrived -->" => false, _ => arriving };
            string[] cells = line.Trim().Trim('|').Split('|');
            if (line.StartsWith('|') && cells.Length > column)
            {
                (arriving ? map.Arriving : map.Here).UnionWith(Ticked().Matches(cells[column]).Select(static match => match.Groups["name"].Value));
            }
        }

        return map;
    }

    /// <summary>Folders that the map does not name, and names that no folder has.</summary>
    internal IEnumerable<string> FolderViolations(IEnumerable<string> sourcePaths)
    {
        SortedSet<string> folders = new(StringComparer.Ordinal);
        foreach (string[] parts in sourcePaths.Select(static path => path.Split('/')))
        {
            // src/Project, src/Project/Folder and src/Project/Folder/Folder; what is deeper belongs to these.
            for (int depth = 2; depth <= 4 && depth < parts.Length; depth++)
            {
                folders.Add(string.Join('/', parts.Take(depth)));
            }
        }

        return folders.Where(folder => !Here.Contains(folder) && !Arriving.Contains(folder)).Select(static folder => $"{folder} is not on the map of docs/ARCHITECTURE.md")
            .Concat(Here.Where(static name => name.StartsWith("src/", StringComparison.Ordinal)).Where(name => !folders.Contains(name)).Select(static name => $"docs/ARCHITECTURE.md names {name}, which is not there"));
    }

    /// <summary>Types without a word, and words for types that are not there.</summary>
    internal IEnumerable<string> TypeViolations(IReadOnlySet<string> nouns, IReadOnlySet<string> all) =>
        nouns.Where(type => !Here.Contains(type) && !Arriving.Contains(type)).Select(static type => $"{type} has no word in docs/GLOSSARY.md")
            .Concat(Here.Where(name => !all.Contains(name)).Select(static name => $"docs/GLOSSARY.md names {name}, which Core does not have"));

#pragma warning disable MA0009 // The texts are our own; nobody slows these expressions down on purpose.
    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Ticked();
}
