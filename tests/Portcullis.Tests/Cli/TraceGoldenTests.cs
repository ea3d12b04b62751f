using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What people read of a trace: the ladder, and the way.</summary>
public sealed partial class TraceGoldenTests
{
    public static TheoryData<int?, bool> Terminals => new() { { 80, false }, { 80, true }, { 120, false }, { 120, true } };

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Ladder_reads_as_agreed(int? width, bool isColored) => Golden.Matches(
        Name("ladder", width, isColored),
        All(new Terminal(width, isColored, Unicode: true), isExplained: false, TraceSamples.Open, TraceSamples.Closed, TraceSamples.Rejected));

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Explained_ladder_reads_as_agreed(int? width, bool isColored) => Golden.Matches(
        Name("explained", width, isColored),
        All(new Terminal(width, isColored, Unicode: true), isExplained: true, TraceSamples.Open, TraceSamples.Closed, TraceSamples.Rejected));

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Way_reads_as_agreed(int? width, bool isColored) => Golden.Matches(
        Name("path", width, isColored), All(new Terminal(width, isColored, Unicode: true), isExplained: false, TraceSamples.Balanced, TraceSamples.Refused));

    [Fact]
    public void Terminal_without_unicode_gets_ASCII() => Golden.Matches(
        "trace/ascii-80.txt", All(new Terminal(80, Color: false, Unicode: false), isExplained: false, TraceSamples.Open, TraceSamples.Rejected, TraceSamples.Balanced));

    [Theory]
    [InlineData(40)]
    [InlineData(66)]
    [InlineData(80)]
    [InlineData(97)]
    [InlineData(120)]
    [InlineData(null)]
    public void No_line_ends_with_a_blank_and_colour_changes_no_letter(int? width)
    {
        TraceReport[] samples = [TraceSamples.Open, TraceSamples.Closed, TraceSamples.Rejected, TraceSamples.Balanced, TraceSamples.Refused];
        string plain = All(new Terminal(width, Color: false, Unicode: true), isExplained: true, samples);
        Assert.All(plain.Split('\n'), static line => Assert.Equal(line.TrimEnd(), line));
        string colored = All(new Terminal(width, Color: true, Unicode: true), isExplained: true, samples);
        Assert.NotEqual(plain, colored);
        Assert.Equal(plain, Colors().Replace(colored, ""));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_terminal(int width) => Assert.All(
        All(new Terminal(width, Color: false, Unicode: true), isExplained: true, TraceSamples.Open, TraceSamples.Closed, TraceSamples.Rejected, TraceSamples.Balanced, TraceSamples.Refused).Split('\n'),
        line => Assert.InRange(line.Length, 0, width));

    private static string Name(string what, int? width, bool isColored) => string.Create(CultureInfo.InvariantCulture, $"trace/{what}-{width}{(isColored ? "-colored" : "")}.txt");

    private static string All(Terminal terminal, bool isExplained, params TraceReport[] reports) =>
        reports.Aggregate(new StringBuilder(), (text, report) => text.Append(text.Length == 0 ? "" : "\n\n").Append(TraceText.Render(report, terminal, isExplained))).ToString();

    [GeneratedRegex("\e\\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colors();
}
