using System;
using System.Buffers;
using System.Text;

namespace Portcullis.Core.Knowledge;

/// <summary>What every table must fulfil, whatever its columns mean.</summary>
internal static class TableCheck
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Whatever a terminal could take for a command, except the tab that parts the fields and the newline that ends the row.
    private static readonly SearchValues<byte> _controls = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000d\u000e\u000f"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f"u8);

    /// <summary>Says what is wrong with a text as a table of so many columns, if anything.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="columns">How many fields each row must have.</param>
    /// <returns>The first error; null for a sound table.</returns>
    public static TableError? Run(byte[] text, int columns)
    {
        if (Invalid(text) is { } invalid)
            return invalid;

        Table table = Table.OfText(text);
        int previous = -1;
        for (int row = 0; row < table.Count; row++)
        {
            if (Row(table, row, columns) is { } error)
                return error;

            int first = table.FirstPort(row);
            if (first < previous)
                return table.ErrorAt(row, 0, "the rows are not sorted by port");
            previous = first;
        }

        return text.Length == 0 || text[^1] == '\n' ? null : Place(text, text.Length, "the last line has no end");
    }

    private static TableError? Invalid(byte[] text)
    {
        int control = text.AsSpan().IndexOfAny(_controls);
        if (control >= 0)
            return Place(text, control, "there is a control character");

        try
        {
            _strict.GetCharCount(text);
            return null;
        }
        catch (DecoderFallbackException e)
        {
            return Place(text, e.Index, "these bytes are not UTF-8");
        }
    }

    private static TableError? Row(Table table, int row, int columns)
    {
        ReadOnlySpan<byte> text = table.Row(row);
        int fields = text.Count((byte)'\t') + 1;
        if (fields != columns)
            return new TableError(table.Line(row), text.Length + 1, $"the row has {fields} fields instead of {columns}");
        return table.Ports(row) is null ? table.ErrorAt(row, 0, "this is neither a port nor a range of ports") : null;
    }

    private static TableError Place(ReadOnlySpan<byte> text, int offset, string reason)
    {
        ReadOnlySpan<byte> before = text[..offset];
        return new TableError(before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'), reason);
    }
}
