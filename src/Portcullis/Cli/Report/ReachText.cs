using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a person who can reach what.</summary>
internal static class ReachText
{
    /// <summary>The whole text.</summary>
    /// <param name="report">The answers.</param>
    /// <param name="terminal">How it may look.</param>
    /// <param name="all">Whether also what is blocked is shown.</param>
    internal static string Render(ReachReport report, Terminal terminal, bool all)
    {
        StringBuilder text = new();
        ImmutableArray<ReachAnswer> shown = [.. report.Answers.Where(answer => all || answer.Verdict != ReachVerdict.Blocked)];
        TableLayout table = new(
        [
            new Column("PORTS", 0, 12), new Column("IP", 1, 4), new Column("FROM", 0, 18), new Column("BY", 2, 4), new Column("TO", 2, 8),
            new Column("VERDICT", 0, 11), new Column("DECIDED BY", 0, 30),
        ], terminal);
        foreach (ReachAnswer answer in shown)
        {
            table.Add(
                new Cell($"{Ports(answer.Ports)}/{ListenerKey.Word(answer.Protocol)}", Style.Strong),
                new Cell(answer.Version == IpVersion.V4 ? "IPv4" : "IPv6"),
                new Cell(answer.FromInShort),
                new Cell(answer.Interface ?? ""),
                new Cell(answer.To == "host" ? "" : answer.To),
                new Cell(Word(answer.Verdict), answer.Verdict == ReachVerdict.Blocked ? Style.Faint : answer.Verdict == ReachVerdict.Reachable ? Style.Plain : Style.Notable),
                new Cell(PlainText.Of(By(answer))));
        }

        if (shown.Length > 0)
        {
            table.WriteTo(text);
        }

        if (report.Answers.Any(answer => answer.Verdict == ReachVerdict.Blocked) && !all)
        {
            Wrap.WriteTo(text, $"{(shown.Length > 0 ? "\n" : "")}All else is blocked (portcullis reach --verbose shows by what).", terminal.Width, "");
        }

        GapList.WriteTo(text, report.Gaps, terminal);
        Wrap.WriteTo(text, "\nThis is what the rules let through, whether anything listens or not; what stands in front of this host is not seen.", terminal.Width, "");
        return text.ToString();
    }

    /// <summary>"22", "1-1023,2000".</summary>
    internal static string Ports(ImmutableArray<(int First, int Last)> ports) => string.Join(',', ports.Select(range =>
        range.First == range.Last ? range.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));

    /// <summary>The word for a verdict everywhere.</summary>
    internal static string Word(ReachVerdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>Who decides, and what it depends on.</summary>
    internal static string By(ReachAnswer answer) =>
        (answer.By ?? "no rule") + (answer.DependsOn.IsEmpty ? "" : "; depends on " + string.Join(", ", answer.DependsOn));
}
