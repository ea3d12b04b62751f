using System;
using System.Text;

namespace Portcullis.Cli.Report;

/// <summary>Breaks a long line at blanks.</summary>
internal static class Wrap
{
    /// <summary>Writes the line, broken so that no part is wider than <paramref name="width"/> where blanks allow it.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="line">The line; its leading blanks are kept. No part ends with a blank but the last.</param>
    /// <param name="width">Columns; null for no limit.</param>
    /// <param name="indent">What the parts after the first begin with.</param>
    internal static void WriteTo(StringBuilder text, string line, int? width, string indent)
    {
        ReadOnlySpan<char> rest = line;
        bool first = true;
        while (width is int limit && rest.Length + (first ? 0 : indent.Length) > limit)
        {
            int room = Math.Max(1, limit - (first ? 0 : indent.Length));
            int leading = rest.IndexOfAnyExcept(' ');
            int at = rest[..Math.Min(room + 1, rest.Length)].LastIndexOf(' ');
            if (at <= leading)
            {
                at = rest[Math.Min(room, rest.Length)..].IndexOf(' ') is int next and >= 0 ? next + Math.Min(room, rest.Length) : rest.Length;
            }

            text.Append(first ? "" : indent).Append(rest[..at].TrimEnd(' ')).Append('\n');
            rest = rest[at..].TrimStart(' ');
            first = false;
            if (rest.IsEmpty)
            {
                return;
            }
        }

        text.Append(first ? "" : indent).Append(rest).Append('\n');
    }
}
