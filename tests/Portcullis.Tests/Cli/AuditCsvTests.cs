using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed class AuditCsvTests
{
    private static readonly Assessment Server = Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy));

    [Fact]
    public void Register_reads_as_agreed() => Golden.Matches("report.csv", AuditCsv.Render(SampleServer.Agreed));

    [Fact]
    public void Each_listener_is_one_record_and_every_record_has_all_cells()
    {
        List<string[]> records = CsvRecords.Read(AuditCsv.Render(Server));

        Assert.All(records, record => Assert.Equal(records[0].Length, record.Length));
        Assert.Equal(Server.Listeners.Select(listener => listener.Key), records.Where(record => record[0] == "listener").Select(record => record[1]));
        Assert.Equal(Server.Gaps.Length, records.Count(record => record[0] == "not seen"));
    }

    [Fact]
    public void What_allows_a_port_is_in_its_record_with_reason_owner_and_date()
    {
        Dictionary<string, string> database = Record("5432");

        Assert.Equal(("yes", "exception", "reporting reads it from the office", "data team", "2027-03-31", "private"), (database["expected"], database["role"], database["reason"], database["owner"], database["expires"], database["from"]));
        Assert.Equal(("yes", "ssh-admin", ""), (Record("22")["expected"], Record("22")["role"], Record("22")["owner"]));
        Assert.Equal(("no", "", ""), (Record("6379")["expected"], Record("6379")["role"], Record("6379")["reason"]));
        Assert.StartsWith("PC", Record("6379")["findings"], StringComparison.Ordinal);
    }

    [Fact]
    public void Finding_about_no_listener_has_a_record_of_its_own()
    {
        List<string[]> records = CsvRecords.Read(AuditCsv.Render(Server));

        Assert.Contains(records, record => record[0] == "finding" && record.Contains("PC1003"));
        Assert.DoesNotContain(records, record => record[0] == "finding" && record.Contains("PC1001"));
    }

    [Theory]
    [InlineData("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", @"\u{9}=1")]
    [InlineData("\r=1", @"\u{d}=1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("'x", "''x")]
    [InlineData("a=b", "a=b")]
    [InlineData("10.0-1", "10.0-1")]
    public void No_cell_is_a_formula(string value, string shown)
    {
        StringBuilder cell = new();
        CsvCell.AppendTo(cell, value);

        Assert.Equal(shown, Assert.Single(CsvRecords.Read(cell + "\r\n"))[0]);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a b", "a b")]
    [InlineData(" a", "\" a\"")]
    [InlineData("a ", "\"a \"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("=1", "\"'=1\"")]
    public void Cell_is_quoted_where_some_reader_would_part_trim_or_reckon_it(string value, string written)
    {
        StringBuilder cell = new();
        CsvCell.AppendTo(cell, value);

        Assert.Equal(written, cell.ToString());
    }

    [Fact]
    public void Any_text_comes_back_as_it_was_shown()
    {
        const int Seed = 20261121;
        const string Letters = "ab,\"\r\n\t=+-@' ;|\u202e\uff1dü";
        Random random = new(Seed);
        for (int round = 0; round < 2_000; round++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)]));
            StringBuilder line = new();
            CsvCell.AppendTo(line, value);
            line.Append(',');
            CsvCell.AppendTo(line, value);
            string[] cells = Assert.Single(CsvRecords.Read(line + "\r\n"));
            Assert.True(cells.Length == 2 && Array.TrueForAll(cells, cell => Unguarded(cell) == PlainText.Of(value)), $"seed {Seed}, round {round}: {PlainText.Of(value)}");
        }
    }

    [Theory]
    [InlineData("=cmd|'/C calc'!A0\r\n\",evil,\"")]
    [InlineData("@a\u202e\u0000\"\"")]
    public void Hostile_name_adds_no_record_no_cell_and_no_formula(string name)
    {
        Snapshot hostile = SampleServer.Hostile(name);
        string text = AuditCsv.Render(Facts.Judged(hostile));
        List<string[]> records = CsvRecords.Read(text);

        Assert.All(records, record => Assert.Equal(records[0].Length, record.Length));
        Assert.All(records.SelectMany(record => record), cell => Assert.DoesNotContain(cell.TrimStart(' ').FirstOrDefault(), "=+-@\t\r\n"));
        Assert.Equal(text.Split("\r\n").Length - 1, records.Count);
        Assert.DoesNotContain('\u202e', text);
    }

    [Fact]
    public void Two_renderings_are_the_same_bytes() => Assert.Equal(
        AuditCsv.Render(Server),
        AuditCsv.Render(Facts.Judged(SampleServer.Facts with { Sockets = [.. SampleServer.Facts.Sockets.Reverse()], Processes = [.. SampleServer.Facts.Processes.Reverse()] }, Facts.Policy(SampleServer.Policy))));

    private static Dictionary<string, string> Record(string port)
    {
        List<string[]> records = CsvRecords.Read(AuditCsv.Render(Server));
        string[] record = records.First(one => one[Array.IndexOf(records[0], "port")] == port);
        return records[0].Zip(record).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private static string Unguarded(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;
}
