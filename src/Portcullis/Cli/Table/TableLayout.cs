using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Portcullis.Cli.Table;

/// <summary>
/// Lays rows out in columns for a terminal's width: first the columns with most to spare are cut towards what they need
/// least, then whole columns go, the least important first. Where there is no width, nothing is cut.
/// </summary>
internal sealed class TableLayout(IReadOnlyList<Column> columns, Terminal terminal)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row with one cell a column.</summary>
    internal void Add(params Cell[] cells) => _rows.Add([.. cells.Select(cell => cell with { Text = PlainText.Of(cell.Text) })]);

    /// <summary>Writes the heading and all rows; gives the titles of the columns for which there was no room.</summary>
    internal IReadOnlyList<string> WriteTo(StringBuilder text)
    {
        // A column that is empty in every row only takes room.
        List<int> shown = [];
        for (int at = 0; at < columns.Count; at++)
        {
            if (columns[at].Priority == 0 || _rows.Exists(row => row[at].Text.Length > 0))
            {
                shown.Add(at);
            }
        }

        int[] widths = new int[columns.Count];
        for (int at = 0; at < widths.Length; at++)
        {
            widths[at] = columns[at].Title.Length;
            foreach (Cell[] row in _rows)
            {
                widths[at] = Math.Max(widths[at], row[at].Text.Length);
            }
        }

        int[] filled = [.. shown];
        if (terminal.Width is int limit)
        {
            Fit(shown, widths, limit);
        }

        WriteRow(text, shown, widths, [.. columns.Select(column => new Cell(column.Title, Style.Faint))]);
        foreach (Cell[] row in _rows)
        {
            WriteRow(text, shown, widths, row);
        }

        return [.. filled.Except(shown).Select(at => columns[at].Title)];
    }

    private void Fit(List<int> shown, int[] widths, int limit)
    {
        // A container's files may hold a name of any length; no column needs more than there is.
        foreach (int at in shown)
        {
            widths[at] = Math.Min(widths[at], limit);
        }

        while (Total(shown, widths) is int total && total > limit)
        {
            List<int> flexible = [.. shown.Where(at => widths[at] > columns[at].Least)];
            int spare = flexible.Sum(at => widths[at] - columns[at].Least);
            if (spare >= total - limit)
            {
                int roomiest = flexible.MaxBy(at => widths[at] - columns[at].Least);
                widths[roomiest]--;
            }
            else if (shown.Where(at => columns[at].Priority > 0).ToList() is { Count: > 0 } droppable)
            {
                shown.Remove(droppable.MaxBy(at => columns[at].Priority));
            }
            else
            {
                return; // narrower than the table's bones: let it wrap
            }
        }
    }

    private static int Total(List<int> shown, int[] widths) => shown.Sum(at => widths[at]) + (Gap.Length * (shown.Count - 1));

    private void WriteRow(StringBuilder text, List<int> shown, int[] widths, Cell[] row)
    {
        foreach (int at in shown)
        {
            bool last = at == shown[^1];
            string cut = Cut(row[at].Text, widths[at]);
            text.Append(Painted(cut, row[at].Style));
            if (!last)
            {
                text.Append(' ', widths[at] - cut.Length).Append(Gap);
            }
        }

        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append('\n');
    }

    private string Cut(string text, int width)
    {
        if (text.Length <= width)
        {
            return text;
        }

        string mark = terminal.Unicode ? "…" : "~";
        return string.Concat(text.AsSpan(0, width - 1), mark);
    }

    private string Painted(string text, Style style) => Paint.With(text, style, terminal);
}
