using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Portcullis.Tests.Police;

/// <summary>What each project under src/ may refer to, as docs/ARCHITECTURE.md draws it. A boundary is there because it forbids something.</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> Drawn = new(StringComparer.Ordinal)
    {
        ["Portcullis.Core"] = [],
        ["Portcullis.Os"] = ["Portcullis.Core"],
        ["Portcullis.Store"] = ["Portcullis.Core"],
        ["Portcullis"] = ["Portcullis.Core", "Portcullis.Os", "Portcullis.Store"],
    };

    /// <summary>What is wrong with one project file.</summary>
    internal static IEnumerable<string> Violations(SourceFile project)
    {
        string name = Path.GetFileNameWithoutExtension(project.Path);
        if (!Drawn.TryGetValue(name, out string[]? allowed))
        {
            yield return $"{project.Path}: the picture has no project {name}";
            yield break;
        }

        XElement root = XElement.Parse(project.Text);
        foreach (string target in Included(root, "ProjectReference").Select(static path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))))
        {
            if (!allowed.Contains(target))
            {
                yield return $"{name} refers to {target}: it may refer to {(allowed.Length == 0 ? "nothing" : string.Join(", ", allowed))}";
            }
        }

        foreach (string package in Included(root, "PackageReference").Concat(Included(root, "Reference")).Concat(Included(root, "FrameworkReference")))
        {
            if (name == "Portcullis.Core" && !IsAnalyzer(package))
            {
                yield return $"{name} refers to the package {package}: Core has none, so that it can be understood and used alone";
            }
        }

        if (name != "Portcullis.Os" && root.Descendants("AllowUnsafeBlocks").Any(static one => one.Value.Trim() != "false"))
        {
            yield return $"{name} allows unsafe code: only Portcullis.Os may";
        }
    }

    /// <summary>What is wrong with a file that all projects share.</summary>
    internal static IEnumerable<string> SharedViolations(SourceFile shared)
    {
        XElement root = XElement.Parse(shared.Text);
        foreach (string package in Included(root, "PackageReference").Where(static package => !IsAnalyzer(package)))
        {
            yield return $"{shared.Path} gives the package {package} to every project, Core too";
        }

        if (root.Descendants("AllowUnsafeBlocks").Any())
        {
            yield return $"{shared.Path} allows unsafe code everywhere: only Portcullis.Os may";
        }
    }

    private static IEnumerable<string> Included(XElement root, string kind) =>
        root.Descendants(kind).Select(static one => one.Attribute("Include")?.Value).OfType<string>().SelectMany(static all => all.Split(';', StringSplitOptions.TrimEntries));

    private static bool IsAnalyzer(string package) => package.Contains("Analyzer", StringComparison.Ordinal);
}
