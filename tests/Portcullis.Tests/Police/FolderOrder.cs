using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Tests.Police;

/// <summary>Which folder of Core may use which; none may use upwards, and no two namespaces use each other in a circle.</summary>
internal static class FolderOrder
{
    private static readonly string[] Thought = ["Model", "Wire", "Text", "Knowledge", "Policy", "Firewall", "Probing"];

    /// <summary>For each folder those below it. Its own sub-folders are always allowed.</summary>
    private static readonly Dictionary<string, string[]> Below = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Wire"] = ["Model"],
        ["Text"] = ["Model"],
        ["Knowledge"] = ["Model"],
        ["Policy"] = ["Model", "Knowledge"],
        ["Firewall"] = ["Model"],
        ["Probing"] = ["Model", "Wire"],
        ["Analysis"] = Thought,
        ["Planning"] = [.. Thought, "Analysis"],
        ["Edges"] = ["Model"],
        ["Operations"] = [.. Thought, "Analysis", "Planning", "Edges"],
    };

    /// <summary>Every use of a folder that is not below, and every type outside the drawn folders.</summary>
    internal static IEnumerable<string> Violations(AssemblyUses assembly, string root) =>
        assembly.All
            .Where(use => FolderOf(use.FromNamespace, root) is not null && FolderOf(use.TypeNamespace, root) is not null)
            .Select(use => Judge(use.From, FolderOf(use.FromNamespace, root)!, use.Type, FolderOf(use.TypeNamespace, root)!))
            .Concat(assembly.All
                .Where(use => FolderOf(use.FromNamespace, root) is { } folder && !Below.ContainsKey(folder))
                .Select(static use => $"{use.From} is in no folder that the plan of Core draws"))
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// The same by the "using" lines of the sources: the compiler copies constants, so that metadata forgets where they came from.
    /// </summary>
    internal static IEnumerable<string> Violations(IEnumerable<SourceFile> sources, string root)
    {
        foreach (SourceFile source in sources)
        {
            string? folder = FolderOf(SourceRules.NamespaceOf(source), root);
            foreach (string line in source.Lines)
            {
                string used = line.StartsWith("using static ", StringComparison.Ordinal) ? line[13..] : line.StartsWith("using ", StringComparison.Ordinal) ? line[6..] : "";
                used = used[(used.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().TrimEnd(';');
                if (folder is not null && FolderOf(used, root) is { } other && Judge(source.Path, folder, used, other) is { } violation)
                {
                    yield return violation;
                }
            }
        }
    }

    /// <summary>Each circle of namespaces once, as the way around it.</summary>
    internal static IEnumerable<string> Circles(AssemblyUses assembly, string root)
    {
        Dictionary<string, SortedSet<string>> uses = new(StringComparer.Ordinal);
        foreach (Use use in assembly.All.Where(use => FolderOf(use.FromNamespace, root) is not null && FolderOf(use.TypeNamespace, root) is not null))
        {
            if (use.FromNamespace != use.TypeNamespace)
            {
                (uses.TryGetValue(use.FromNamespace, out SortedSet<string>? targets) ? targets : uses[use.FromNamespace] = new(StringComparer.Ordinal)).Add(use.TypeNamespace);
            }
        }

        HashSet<string> done = [];
        List<string> way = [];
        List<string> circles = [];
        foreach (string start in uses.Keys.Order(StringComparer.Ordinal))
        {
            Follow(start);
        }

        return circles;

        void Follow(string name)
        {
            int met = way.IndexOf(name);
            if (met >= 0)
            {
                circles.Add(string.Join(" -> ", way.Skip(met).Append(name)));
                return;
            }

            if (done.Contains(name))
            {
                return;
            }

            way.Add(name);
            foreach (string next in uses.TryGetValue(name, out SortedSet<string>? targets) ? targets : [])
            {
                Follow(next);
            }

            way.RemoveAt(way.Count - 1);
            done.Add(name);
        }
    }

    private static string? Judge(string from, string folder, string type, string target) =>
        folder == target || (Below.TryGetValue(folder, out string[]? below) && below.Contains(target))
            ? null
            : $"{from} uses {type}: {folder} may use {(below is null or { Length: 0 } ? "nothing" : string.Join(", ", below))}";

    /// <summary>The first part of the namespace behind the root; "" for the root itself; null outside.</summary>
    private static string? FolderOf(string nameSpace, string root)
    {
        if (nameSpace == root)
        {
            return "";
        }

        return nameSpace.StartsWith(root + ".", StringComparison.Ordinal) ? nameSpace[(root.Length + 1)..].Split('.')[0] : null;
    }
}
