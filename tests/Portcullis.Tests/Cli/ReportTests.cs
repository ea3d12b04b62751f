using System;
using System.Linq;
using System.Text;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed class ReportTests
{
    private static readonly Terminal Piped = new(Width: null, Color: false, Unicode: true);

    private static readonly Snapshot Server = Facts.Snapshot(
        Facts.Tcp("0.0.0.0", 22, 10), Facts.Tcp("::", 22, 10) with { V6Only = true, Inode = 2 }, Facts.Tcp("0.0.0.0", 31337, 12),
        Facts.Tcp("127.0.0.1", 25, 11), Facts.Udp("192.168.1.5", 137, 13)) with
    {
        Processes =
        [
            Facts.Process(10, "/usr/sbin/sshd", "ssh.service", Facts.Package("openssh-server")),
            Facts.Process(11, "/usr/sbin/exim4", "exim4.service", Facts.Package("exim4-daemon-light")),
            Facts.Process(12, "/usr/bin/kworker-u8") with { Origin = ExecutableOrigin.Deleted, Packaged = null },
            Facts.Process(13, "/usr/sbin/nmbd", "nmbd.service", Facts.Package("samba")),
        ],
        Units = [Facts.Unit("ssh.service"), Facts.Unit("exim4.service"), Facts.Unit("nmbd.service")],
    };

    [Theory]
    [InlineData("audit", null)]
    [InlineData("audit-80", 80)]
    [InlineData("audit-verbose", null)]
    [InlineData("brief", 80)]
    [InlineData("markdown", null)]
    public void Report_reads_as_agreed(string name, int? width)
    {
        Assessment assessment = Facts.Judged(Server with { Gaps = [new Gap("owner of 3 sockets", "not root", "run with sudo")] });
        Terminal terminal = Piped with { Width = width };
        Golden.Matches($"report-{name}.txt", name switch
        {
            "brief" => Brief.Render(assessment, terminal),
            "markdown" => AuditMarkdown.Render(assessment),
            _ => new AuditTable(assessment, terminal, verbose: name == "audit-verbose").Render(),
        });
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal()
    {
        foreach (int width in new[] { 60, 80, 100, 132 })
        {
            string report = new AuditTable(Facts.Judged(Server), Piped with { Width = width }, verbose: true).Render();
            Assert.All(report.Split('\n'), line => Assert.True(line.Length <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), $"{width}: {line}"));
            Assert.Contains("31337/tcp", report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Hostile_name_reaches_no_report_raw()
    {
        Snapshot hostile = Server with
        {
            Processes = [.. Server.Processes.Select(process => process with { Name = "\u001b[2J\n\rok\u202e\u0000|`*", Executable = "/x\ny", Package = null })],
            Host = Server.Host with { Name = "h\u001b]0;t\u0007" },
            Gaps = [new Gap("a\nb", "c\u009b", null)],
        };
        Assessment assessment = Facts.Judged(hostile);
        string[] reports =
        [
            new AuditTable(assessment, Piped, verbose: true).Render(), new AuditTable(assessment, Piped, verbose: false).Render(),
            Brief.Render(assessment, Piped), AuditMarkdown.Render(assessment),
            ExplainText.Render([Explain.Of(new PortQuestion(22, Protocol.Tcp), assessment)], Piped),
        ];

        Assert.All(reports, report =>
        {
            Assert.DoesNotContain(report, letter => letter != '\n' && (char.IsControl(letter) || letter == '\u202e'));
            Assert.DoesNotContain("\nok", report, StringComparison.Ordinal);
        });
        Assert.Contains("\\u{1b}[2J\\u{a}\\u{d}ok\\u{202e}\\u{0}|`*", reports[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_appear_only_where_they_are_wanted()
    {
        Assessment assessment = Facts.Judged(Server);

        Assert.DoesNotContain('\u001b', new AuditTable(assessment, Piped, verbose: false).Render());
        Assert.Contains("\u001b[1;31m", new AuditTable(assessment, Piped with { Color = true }, verbose: false).Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Alarming_listener_is_shown_even_on_loopback()
    {
        Snapshot hidden = Server with { Sockets = [Facts.Tcp("127.0.0.1", 31337, 12), Facts.Tcp("127.0.0.1", 25, 11)] };
        string report = new AuditTable(Facts.Judged(hidden), Piped, verbose: false).Render();

        Assert.Contains(report.Split('\n'), line => line.StartsWith("31337/tcp", StringComparison.Ordinal) && line.Contains("deleted", StringComparison.Ordinal));
        Assert.Contains("On loopback only (1): 25/tcp exim4", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_of_which_not_all_was_seen_is_never_called_clean()
    {
        Assessment empty = Facts.Judged(Facts.Snapshot() with { Gaps = [new Gap("tcp sockets", "the kernel's answer is malformed", null)] });

        Assert.Contains("Not seen: tcp sockets", Brief.Render(empty, Piped), StringComparison.Ordinal);
        Assert.DoesNotContain("Everything was seen", Brief.Render(empty, Piped), StringComparison.Ordinal);
        Assert.Contains("Everything was seen", Brief.Render(Facts.Judged(Facts.Snapshot()), Piped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("Zürich — 東京", "Zürich — 東京")]
    [InlineData("a\tb\u007f", @"a\u{9}b\u{7f}")]
    [InlineData("\u202eevil\u2066", @"\u{202e}evil\u{2066}")]
    [InlineData("e\u0301", @"e\u{301}")]
    public void Only_visible_letters_stay(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));

    [Theory]
    [InlineData("one two three", 7, "one two|  three")]
    [InlineData("one two three", null, "one two three")]
    [InlineData("unbreakable-word and more", 5, "unbreakable-word|  and|  more")]
    [InlineData("  kept", 80, "  kept")]
    [InlineData("seq 1  window 64512  ttl 64", 20, "seq 1  window 64512|  ttl 64")]
    [InlineData("seq 1  window 64512  ttl 64", 19, "seq 1  window 64512|  ttl 64")]
    public void Long_lines_break_at_blanks(string line, int? width, string lines)
    {
        StringBuilder text = new();
        Wrap.WriteTo(text, line, width, "  ");

        Assert.Equal(lines, text.ToString().TrimEnd('\n').Replace('\n', '|'));
    }

    [Fact]
    public void Narrow_table_cuts_the_roomiest_columns_first_and_then_drops_the_least_important()
    {
        Assert.Equal("A         B               C\nabcdefgh  abcdefghijklmn  abcdefghij\n", At(null));
        Assert.Equal("A        B          C\nabcdef…  abcdefgh…  abcdefghij\n", At(30));
        Assert.Equal("A     B      C\nabc…  abcd…  abcdefg…\n", At(21));
        Assert.Equal("A         B\nabcdefgh  abcdefghi…\n", At(20));
        Assert.Equal("A     B\nabc…  abcd…\n", At(11));

        static string At(int? width)
        {
            TableLayout table = new([new Column("A", 0, 4), new Column("B", 0, 5), new Column("C", 1, 8)], Piped with { Width = width });
            table.Add(new Cell("abcdefgh"), new Cell("abcdefghijklmn"), new Cell("abcdefghij"));
            StringBuilder text = new();
            table.WriteTo(text);
            return text.ToString();
        }
    }
}
