using System.Collections.Generic;
using System.Text;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Reads CSV by RFC 4180.</summary>
internal static class CsvRecords
{
    /// <summary>A reader of its own, straight from RFC 4180's grammar; it throws where the text does not follow it.</summary>
    internal static List<string[]> Read(string text)
    {
        List<string[]> records = [];
        List<string> cells = [];
        int at = 0;
        while (at < text.Length)
        {
            StringBuilder cell = new();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    cell.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++)
                {
                    Assert.NotEqual('"', text[at]);
                    Assert.NotEqual('\n', text[at]);
                    cell.Append(text[at]);
                }
            }

            cells.Add(cell.ToString());
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            records.Add([.. cells]);
            cells.Clear();
        }

        Assert.Empty(cells);
        return records;
    }
}
