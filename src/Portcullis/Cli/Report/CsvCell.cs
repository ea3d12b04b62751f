using System;
using System.Text;
using Portcullis.Cli.Table;

namespace Portcullis.Cli.Report;

/// <summary>One cell of a CSV file, RFC 4180, that no spreadsheet takes for a formula.</summary>
internal static class CsvCell
{
    // What spreadsheets take for the start of a formula, and the full-width forms that some turn into these
    // (OWASP, "CSV Injection"). An apostrophe of the text's own gets one too, so that a reader can take exactly one off.
    private const string Dangerous = "=+-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>Appends the cell. Letters that can't be seen are written as \u{hex}, so that a record is always one line.</summary>
    internal static void AppendTo(StringBuilder text, string? value)
    {
        string shown = PlainText.Of(value ?? "");
        // Some programs look behind leading blanks.
        ReadOnlySpan<char> start = shown.AsSpan().TrimStart(' ');
        bool dangerous = start.Length > 0 && Dangerous.Contains(start[0], StringComparison.Ordinal);
        bool quoted = dangerous || shown.AsSpan().IndexOfAny(',', '"', ';') >= 0 || shown.StartsWith(' ') || shown.EndsWith(' ');
        if (!quoted)
        {
            text.Append(shown);
            return;
        }

        text.Append('"').Append(dangerous ? "'" : "").Append(shown.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
