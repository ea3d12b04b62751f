using System;
using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Text.Rulesets;

/// <summary>Makes one line of what nft and iptables-restore say where they refuse a ruleset, with the place that they name.</summary>
public static class ToolComplaint
{
    private const string Error = ": Error: ";

    // The name by which nft and we call standard input.
    private const string Input = "/dev/stdin";

    /// <summary>The line: "rules.nft:4:25: syntax error, unexpected newline".</summary>
    /// <param name="format">What they were given.</param>
    /// <param name="said">What they said on standard error.</param>
    /// <param name="name">The file that the ruleset came from.</param>
    public static string Of(ScriptFormat format, string said, string name)
    {
        List<string> lines = [];
        foreach (string line in said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            lines.Add(line);
        }

        return lines.Count == 0 ? $"{name}: is refused without a reason"
            : format is ScriptFormat.Nft or ScriptFormat.NftJson ? OfNft(lines, name)
            : OfIptables(lines, name);
    }

    private static string OfNft(List<string> lines, string name)
    {
        string line = lines.Find(one => one.Contains(Error, StringComparison.Ordinal)) ?? lines[0];
        int at = line.IndexOf(Error, StringComparison.Ordinal);
        if (at < 0)
        {
            return $"{name}: {line}";
        }

        string place = line[..at];
        string what = line[(at + Error.Length)..].TrimEnd('.');
        if (place.StartsWith(Input, StringComparison.Ordinal))
        {
            place = name + place[Input.Length..];
        }
        else if (place.StartsWith("internal:", StringComparison.Ordinal) || place.StartsWith("<cmdline>", StringComparison.Ordinal))
        {
            return $"{name}: {what}";
        }

        // "4:25-30" names the first and the last column.
        int dash = place.LastIndexOf('-');
        place = dash > place.LastIndexOf(':') && dash > 0 ? place[..dash] : place;
        string hint = what.StartsWith("Interface does not exist", StringComparison.Ordinal) ? " (this machine's are taken; iifname and oifname need none)" : "";
        return $"{place}: {what}{hint}";
    }

    private static string OfIptables(List<string> lines, string name)
    {
        string what = "";
        int? number = null;
        foreach (string line in lines)
        {
            number ??= NumberAfter(line, "line: ") ?? NumberAfter(line, "line ");
            string rest = line;
            int colon = line.IndexOf("): ", StringComparison.Ordinal);
            if (line.Contains("tables-", StringComparison.Ordinal) && line.Contains("restore", StringComparison.Ordinal))
            {
                rest = colon >= 0 ? line[(colon + 3)..] : line.EndsWith("):", StringComparison.Ordinal) ? "" : line[(line.IndexOf(": ", StringComparison.Ordinal) + 1)..].Trim();
            }

            if (what.Length == 0 && !rest.StartsWith("Error occurred", StringComparison.Ordinal) && !rest.StartsWith("Try `", StringComparison.Ordinal) && !rest.StartsWith("Warning: ", StringComparison.Ordinal))
            {
                what = rest.StartsWith("line ", StringComparison.Ordinal) && rest.Contains(": ", StringComparison.Ordinal) ? rest[(rest.IndexOf(": ", StringComparison.Ordinal) + 2)..] : rest;
            }
        }

        return number is int at ? string.Create(CultureInfo.InvariantCulture, $"{name}:{at}: {(what.Length == 0 ? lines[0] : what)}") : $"{name}: {(what.Length == 0 ? lines[0] : what)}";
    }

    private static int? NumberAfter(string line, string word)
    {
        int at = line.IndexOf(word, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        int start = at + word.Length;
        int end = start;
        while (end < line.Length && char.IsAsciiDigit(line[end]))
        {
            end++;
        }

        return int.TryParse(line.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
