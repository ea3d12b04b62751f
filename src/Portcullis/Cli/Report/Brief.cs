using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>The state of a machine in five lines, and the next command.</summary>
internal static class Brief
{
    private const int Named = 6;

    internal static string Render(Assessment assessment, Terminal terminal)
    {
        List<ListenerRow> rows = ListenerRow.Of(assessment.Listeners.Where(listener => listener.Namespace == NetworkNamespace.HostName), each: false);
        ListenerRow[] open = [.. rows.Where(row => !row.IsLoopback)];
        StringBuilder text = new();
        text.Append(Paint.With(PlainText.Of($"{assessment.Host.Name ?? "This machine"}: {Headline.Counts(assessment)}"), Style.Strong, terminal)).Append('\n');
        Line(text, terminal, "Heard beyond this host: ", open.Length == 0 ? "nothing that was seen." : List(open.Select(row => $"{row.Port} {row.HeldBy}")) + ".");
        Worst(text, assessment, terminal);
        Line(text, terminal, "", assessment.Complete
            ? "Everything was seen."
            : "Not seen: " + string.Join("; ", assessment.Gaps.Select(gap => $"{gap.What} ({gap.Why})")) + ".");
        Line(text, terminal, "", PolicyLine.Of(assessment) + " The firewall is not read yet.");
        Line(text, terminal, "Next: ", assessment.Observer() ? "portcullis audit" : "sudo portcullis audit");
        return text.ToString();
    }

    private static void Worst(StringBuilder text, Assessment assessment, Terminal terminal)
    {
        Finding? worst = assessment.Findings.FirstOrDefault();
        Line(text, terminal, "Worst: ", worst is null
            ? assessment.Complete ? "no findings." : "no findings among what was seen."
            : $"{FindingList.Word(worst.Severity)}, {worst.Title}.");
    }

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items.Distinct(StringComparer.Ordinal)];
        string named = string.Join(", ", all.Take(Named));
        return all.Length <= Named ? named : string.Create(CultureInfo.InvariantCulture, $"{named} and {all.Length - Named} more");
    }

    private static void Line(StringBuilder text, Terminal terminal, string title, string rest) =>
        Wrap.WriteTo(text, title + PlainText.Of(rest), terminal.Width, "  ");

    /// <summary>Whether the observer had the rights to see all.</summary>
    private static bool Observer(this Assessment assessment) => assessment.Gaps.All(gap => gap.Remedy != "run with sudo");
}
