using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Portcullis.Core.Knowledge;

/// <summary>
/// A table of tab-separated text, kept as the bytes it came in: rows are found by searching, and only the row asked for
/// becomes strings, because a start of Portcullis needs a few dozen rows of several thousand.
/// </summary>
/// <remarks>
/// Lines end with a newline. Those before the first row that begin with '#' are comments; the last of them names the columns.
/// The first column is a <see cref="PortRange"/>; rows are sorted by its first port.
/// </remarks>
internal sealed class Table
{
    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly int _firstLine;

    private Table(byte[] text, int[] starts, int firstLine)
    {
        _text = text;
        _starts = starts;
        _firstLine = firstLine;
    }

    /// <summary>How many rows there are, without the comments.</summary>
    public int Count => _starts.Length;

    /// <summary>Takes a table that was compiled into this assembly from the folder data/.</summary>
    /// <param name="name">The file's name there.</param>
    /// <exception cref="InvalidOperationException">There is no such table: the build is broken.</exception>
    public static Table OfResource(string name)
    {
        using Stream stream = typeof(Table).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the table {name} was not compiled in");
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return OfText(text);
    }

    /// <summary>Finds the rows of a text; nothing in them is checked.</summary>
    /// <param name="text">The whole file. It is kept, not copied.</param>
    public static Table OfText(byte[] text)
    {
        // A row of either table is about forty bytes or longer, so this rarely grows.
        var starts = new List<int>(text.Length / 32);
        int comments = 0;
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '#' && starts.Count == 0)
                comments++;
            else
                starts.Add(at);
            int end = text.AsSpan(at).IndexOf((byte)'\n');
            at = end < 0 ? text.Length : at + end + 1;
        }

        return new Table(text, starts.ToArray(), comments + 1);
    }

    /// <summary>The bytes of one row, without the newline.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> Row(int row)
    {
        int start = _starts[row];
        int end = row + 1 < _starts.Length ? _starts[row + 1] : _text.Length;
        return end > start && _text[end - 1] == '\n' ? _text.AsSpan(start, end - start - 1) : _text.AsSpan(start, end - start);
    }

    /// <summary>One field of a row; empty where the row has no so many.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="column">Counted from 0.</param>
    public ReadOnlySpan<byte> Field(int row, int column)
    {
        ReadOnlySpan<byte> rest = Row(row);
        for (; column > 0; column--)
        {
            int tab = rest.IndexOf((byte)'\t');
            if (tab < 0)
                return [];
            rest = rest[(tab + 1)..];
        }

        int end = rest.IndexOf((byte)'\t');
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>One field of a row as text; null where it is empty.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="column">Counted from 0.</param>
    public string? Text(int row, int column)
    {
        ReadOnlySpan<byte> field = Field(row, column);
        return field.IsEmpty ? null : Encoding.UTF8.GetString(field);
    }

    /// <summary>The first row whose range begins at the highest port not above <paramref name="port"/>; -1 where every range begins later.</summary>
    /// <param name="port">Any number.</param>
    public int LastAtOrBelow(int port)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (FirstPort(middle) <= port)
                low = middle + 1;
            else
                high = middle;
        }

        int row = low - 1;
        while (row > 0 && FirstPort(row - 1) == FirstPort(row))
            row--;
        return row;
    }

    /// <summary>The ports of a row; null where its first field is no range.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public PortRange? Ports(int row) => PortRange.TryParse(Field(row, 0), out PortRange range) ? range : null;

    /// <summary>The line of a row, counted from 1.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public int Line(int row) => _firstLine + row;

    /// <summary>An error at the beginning of a field.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="column">Counted from 0.</param>
    /// <param name="reason">What is wrong there.</param>
    public TableError ErrorAt(int row, int column, string reason)
    {
        ReadOnlySpan<byte> text = Row(row);
        int at = 0;
        for (; column > 0; column--)
        {
            int tab = text[at..].IndexOf((byte)'\t');
            if (tab < 0)
                return new TableError(_firstLine + row, text.Length + 1, reason);
            at += tab + 1;
        }

        return new TableError(_firstLine + row, at + 1, reason);
    }

    /// <summary>
    /// The number at the beginning of a row, as far as its first five digits go: 0 to 99999. Rows are checked in the tests; a
    /// malformed one is merely never found.
    /// </summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public int FirstPort(int row)
    {
        int port = 0;
        for (int at = _starts[row]; at < _text.Length && at < _starts[row] + 5 && char.IsAsciiDigit((char)_text[at]); at++)
            port = (port * 10) + (_text[at] - '0');
        return port;
    }
}
