using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Report.Html;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Every text that a report is made of begins with something hostile; the report is built as with a harmless word.</summary>
public sealed partial class HostileReportTests
{
    private static readonly Terminal s_piped = new(Width: null, Color: false, Unicode: true);

    private static readonly Assessment s_server = Facts.Judged(
        SampleServer.Facts with { Stopped = [Facts.Unit("snmpd.service", Facts.Package("snmpd")) with { Enabled = "disabled" }] }, Facts.Policy(SampleServer.Policy));

    private static readonly Assessment s_calm = Poison.Into(s_server, "calm");

    public static TheoryData<string> Words =>
    [
        "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1,\"x\",", "  =1", "\"", ",", ";", "\uFF1D1",
        "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "<!--", "&lt;b&gt;", "]]>", "javascript:alert(1)",
        "# x", "- x", "+ x", "1. x", "12) ", "> x", "```", "~~~", "| x |", "***x***", "__x__", "---", "===", "      x", "[x](javascript:alert(1))", "![x](//evil.example/p)", "[x]: //evil.example",
        "<https://evil.example>", "https://evil.example/", "WWW.evil.example", "\\", "\\[x](y)", "$x$", "\u202e\u2028", "\u001b[2J\0", "e\u0301", "\ud800",
    ];

    [Fact]
    public void Word_is_before_every_text()
    {
        Assert.All(s_calm.Findings, finding => Assert.StartsWith("calm", finding.Evidence[0], StringComparison.Ordinal));
        Assert.All(s_calm.Listeners.SelectMany(listener => listener.Processes), process => Assert.StartsWith("calm", process.Name, StringComparison.Ordinal));
        Assert.Contains(s_calm.Listeners, listener => listener.Approval?.Reason?.StartsWith("calm", StringComparison.Ordinal) == true);
        Assert.Equal(s_server.Findings.Count(finding => s_server.Listeners.Any(one => one.Key == finding.Subject)), s_calm.Findings.Count(finding => s_calm.Listeners.Any(one => one.Key == finding.Subject)));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Register_has_the_same_records_and_cells_and_no_formula(string word)
    {
        List<string[]> records = CsvRecords.Read(AuditCsv.Render(Poison.Into(s_server, word)));

        Assert.Equal(CsvRecords.Read(AuditCsv.Render(s_calm)).Select(record => record.Length), records.Select(record => record.Length));
        Assert.All(records.SelectMany(record => record), cell => Assert.DoesNotContain(cell.TrimStart(' ').FirstOrDefault(), "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20"));
        Assert.All(records.SelectMany(record => record), Visible);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Page_has_the_same_elements(string word)
    {
        string html = HtmlReport.Render(Poison.Into(s_server, word));

        Assert.Equal(HtmlOutline.Structure(HtmlOutline.Parse(HtmlReport.Render(s_calm))), HtmlOutline.Structure(HtmlOutline.Parse(html)));
        Visible(html.Replace("\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Markdown_has_the_same_markup(string word)
    {
        string text = AuditMarkdown.Render(Poison.Into(s_server, word));

        Assert.Equal(Markup(AuditMarkdown.Render(s_calm)), Markup(text));
        Visible(text.Replace("\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Words_for_a_terminal_have_the_same_lines(string word)
    {
        Assessment hostile = Poison.Into(s_server, word);
        foreach (Func<Assessment, string> report in (Func<Assessment, string>[])
            [one => new AuditTable(one, s_piped, verbose: true).Render(), one => new AuditTable(one, s_piped, verbose: false).Render(), one => Brief.Render(one, s_piped)])
        {
            Assert.Equal(report(s_calm).Count('\n'), report(hostile).Count('\n'));
            Visible(report(hostile).Replace("\n", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Log_is_valid_and_document_too(string word)
    {
        Assessment hostile = Poison.Into(s_server, word);

        Assert.Empty(SarifFaults.Of(AuditSarif.Write(hostile, "0.0.1")));
        using JsonDocument document = JsonDocument.Parse(AssessmentJson.Write(hostile));
        Assert.Equal(hostile.Findings.Length, document.RootElement.GetProperty("findings").GetArrayLength());
        Assert.DoesNotContain(Encoding.UTF8.GetString(AssessmentJson.Write(hostile)), letter => char.IsControl(letter) && letter != '\n');
    }

    [Theory]
    [InlineData("- a\n- b", "- a\n- - b")]
    [InlineData("a \\[b](c)", "a [b](c)")]
    [InlineData("a \\\\(b)", "a \\\\[b]")]
    [InlineData("| a | b |", "| a | b | c |")]
    [InlineData("a https\\://b", "a https://b")]
    [InlineData("- 1\\. a", "- 1. a")]
    public void Markup_that_is_not_escaped_is_seen(string calm, string hostile)
    {
        Assert.NotEqual(Markup(calm), Markup(hostile));
        Assert.Equal(Markup(calm), Markup(calm.Replace('a', 'x')));
    }

    private static void Visible(string text) => Assert.DoesNotContain(text, letter => char.IsControl(letter) || letter is '\u202e' or '\u2028');

    /// <summary>Each line's beginning and the signs that have power in it: what is left once the escapes are gone.</summary>
    private static string[] Markup(string text) => [.. text.Split('\n').Select(line =>
        Beginning().Match(line).Value + " / " + string.Concat(Active().Matches(Escape().Replace(line, "")).Select(match => match.Value)))];

    // A backslash takes the power of any punctuation of ASCII (CommonMark, section 2.4).
    [GeneratedRegex("\\\\[!-/:-@\\[-`{-~]", RegexOptions.None, 1000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\\`*_{}\[\]<>#|!&~$]|://|[wW]{3}\.", RegexOptions.None, 1000)]
    private static partial Regex Active();

    // Blocks, and blocks in list items (CommonMark, sections 4 and 5).
    [GeneratedRegex(@"^(?:(?:[-+*]|[0-9]{1,9}[.)])(?: +|$)|#{1,6} |>|-{3,}|=+|`{3}|~{3}|    )*", RegexOptions.None, 1000)]
    private static partial Regex Beginning();
}
