using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Adds an exception to a policy's text. Nothing else in it changes: comments, order and layout stay byte for byte.</summary>
internal static class PolicyEdit
{
    /// <summary>The new text of the policy.</summary>
    /// <param name="text">The present text; empty for a new file.</param>
    /// <param name="root">The present text as it was read; null for a new file.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="file">The name by which errors speak of the file.</param>
    /// <exception cref="InputException">The list of exceptions is written in a way that cannot be added to.</exception>
    internal static string Add(string text, YamlNode.Mapping? root, Allowance exception, string file)
    {
        string newline = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        (YamlNode.Text Name, YamlNode Value) entry = root?.Entries.FirstOrDefault(one => one.Name.Value == "allow") ?? default;
        if (entry.Name is null)
        {
            string gap = text.Length == 0 || text.EndsWith('\n') ? "" : newline;
            return $"{text}{gap}{(text.Length == 0 ? "" : newline)}allow:{newline}{Item(exception, "  ", newline)}";
        }

        if (entry.Value is not YamlNode.Sequence { Items.Count: > 0 } list || list.Line == entry.Name.Line)
        {
            throw YamlFile.ErrorAt(file, entry.Name.Line, "allow: is not a list of lines that begin with '- ', so nothing can be added without touching the rest: write it so, then try again");
        }

        string[] lines = text.Split('\n');
        int first = list.Items[0].Line - 1;
        string indent = lines[first][..(lines[first].Length - lines[first].TrimStart(' ').Length)];
        int end = EndOf(lines, first, indent.Length);
        string before = string.Join('\n', lines[..end]);
        string after = string.Join('\n', lines[end..]);
        string gapBefore = before.EndsWith('\n') || before.Length == 0 ? "" : end == lines.Length ? newline : "\n";
        return before + gapBefore + Item(exception, indent, newline) + after;
    }

    /// <summary>The index of the line behind the list's last item: blank lines and comments there belong to what follows.</summary>
    private static int EndOf(string[] lines, int first, int indent)
    {
        int last = first;
        for (int at = first + 1; at < lines.Length; at++)
        {
            string line = lines[at].TrimEnd('\r');
            int depth = line.Length - line.TrimStart(' ').Length;
            if (line.Trim().Length == 0 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (depth < indent || (depth == indent && !line.TrimStart().StartsWith("- ", StringComparison.Ordinal)))
            {
                break;
            }

            last = at;
        }

        return last + 1;
    }

    private static string Item(Allowance exception, string indent, string newline)
    {
        StringBuilder item = new();
        item.Append(indent).Append("- key: ").Append(Quote(exception.Key!)).Append(newline);
        Line("reason", exception.Reason);
        Line("owner", exception.Owner);
        Line("expires", exception.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return item.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                item.Append(indent).Append("  ").Append(name).Append(": ").Append(name == "expires" ? value : Quote(value)).Append(newline);
            }
        }
    }

    /// <summary>A value that YAML reads back as it is: double-quoted, with its escapes (YAML 1.2.2, 7.3.1 and 5.7).</summary>
    internal static string Quote(string value)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                >= ' ' and <= '~' => quoted.Append((char)rune.Value),
                > 0xA0 when Rune.IsLetterOrDigit(rune) => quoted.Append(rune.ToString()),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            };
        }

        return quoted.Append('"').ToString();
    }
}
