using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Portcullis.Tests.Police;

/// <summary>What must not stand in any file of the repository. The patterns are written so that this file itself passes.</summary>
internal static class WordRules
{
#pragma warning disable MA0009 // The texts are our own; nobody slows these expressions down on purpose.
    private static readonly (Regex Pattern, string Reason)[] Everywhere =
    [
        // Not where a number or a name stands before it: that is the link to a process's root, of every system.
        (new(@"(?<![\w\])}>*""$])/r[o]ot/"), "a home directory of one machine"),
        (new(@"(?<![\w.])/(w[o]rk|f[a]rm|opt/n[u]get|tmp/bash_j[o]bs)/"), "a path of one machine"),
        (new(@"\b(api\.n[u]get\.org|registry\.n[p]mjs\.org|registry-1\.d[o]cker\.io|index\.d[o]cker\.io|files\.p[y]thonhosted\.org)\b"), "a registry's host: which one is used is the machine's business"),
    ];

    private static readonly (Regex Pattern, string Reason)[] InCode =
    [
        (new(@"\b(T[O]DO|F[I]XME|H[A]CK|X[X]X)\b"), "a mark of unfinished work: finish it, or write an issue"),
        (new(@"\bNot[I]mplementedException\b"), "unfinished work"),
        (new(@"\bS[k]ip *= *""|\bAssert\.S[k]ip"), "a skipped test"),
    ];

    private static readonly string[] Code = [".cs", ".sh", ".csproj", ".props", ".md", ".yaml", ".yml", ".py", "/portcullis", "/test", "/run", "/setup", "/box"];

    /// <summary>What must not stand in the file, with line and reason.</summary>
    internal static IEnumerable<string> Violations(SourceFile file)
    {
        if (file.Text.Contains('\0', StringComparison.Ordinal))
        {
            yield break; // not text
        }

        bool code = Code.Any(end => ("/" + file.Path).EndsWith(end, StringComparison.Ordinal));
        string[] lines = file.Lines;
        for (int at = 0; at < lines.Length; at++)
        {
            foreach ((Regex pattern, string reason) in code ? Everywhere.Concat(InCode) : Everywhere)
            {
                if (pattern.Match(lines[at]) is { Success: true } match)
                {
                    yield return $"{file.Path}:{at + 1}: \"{match.Value}\": {reason}";
                }
            }
        }
    }
}
