using System;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a person what a change of rules opens and closes.</summary>
internal static class ReachDifferenceText
{
    /// <summary>The whole text.</summary>
    internal static string Render(ReachDifference difference, Terminal terminal)
    {
        StringBuilder text = new();
        Section("It opens:", change => change.Opens);
        Section("It sends elsewhere:", change => !change.Opens && !change.Closes);
        Section("It closes:", change => change.Closes);
        if (difference.Changes.IsEmpty)
        {
            Wrap.WriteTo(text, difference.Complete ? "It opens and closes nothing: every packet fares as before." : "As far as could be seen it opens and closes nothing.", terminal.Width, "");
        }

        GapList.WriteTo(text, difference.Gaps, terminal);
        return text.ToString();

        void Section(string title, Func<ReachChange, bool> belongs)
        {
            ReachChange[] changes = [.. difference.Changes.Where(belongs)];
            if (changes.Length == 0)
            {
                return;
            }

            text.Append(text.Length > 0 ? "\n" : "").Append(title).Append('\n');
            TableLayout table = new(
            [
                new Column("PORTS", 0, 12), new Column("IP", 1, 4), new Column("FROM", 0, 18), new Column("BY", 2, 4), new Column("TO", 2, 8),
                new Column("WAS", 0, 9), new Column("BECAUSE OF", 1, 24), new Column("IS", 0, 9), new Column("BECAUSE OF", 0, 24),
            ], terminal);
            foreach (ReachChange change in changes)
            {
                ReachAnswer now = change.Is;
                table.Add(
                    new Cell($"{ReachText.Ports(now.Ports)}/{ListenerKey.Word(now.Protocol)}", Style.Strong),
                    new Cell(now.Version == IpVersion.V4 ? "IPv4" : "IPv6"),
                    new Cell(now.FromInShort),
                    new Cell(now.Interface ?? ""),
                    new Cell(now.To == change.WasTo ? (now.To == "host" ? "" : now.To) : $"{now.To}, was {change.WasTo}"),
                    new Cell(ReachText.Word(change.Was)),
                    new Cell(PlainText.Of(change.WasBy ?? "no rule")),
                    new Cell(ReachText.Word(now.Verdict), change.Opens ? Style.Notable : Style.Plain),
                    new Cell(PlainText.Of(ReachText.By(now))));
            }

            table.WriteTo(text);
        }
    }
}
