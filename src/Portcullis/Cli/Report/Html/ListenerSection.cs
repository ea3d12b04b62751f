using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>All listeners, a row for each port, reach and holder.</summary>
internal static class ListenerSection
{
    private static readonly string[] Columns = ["Port", "Verdict", "Service", "Heard on", "Reached from", "Held by", "Unit, package", "Remarks"];

    internal static void AddTo(Markup page, Assessment assessment)
    {
        page.Add($"<section aria-labelledby=\"listeners\">\n<h2 id=\"listeners\">Listeners</h2>\n<p>{Headline.Counts(assessment)} <em>Heard on</em> is what the sockets allow; <em>reached from</em> is whom this host's firewall lets through. What stands in front of the host is not seen.</p>\n");
        PortVerdicts verdicts = new(assessment);
        foreach (IGrouping<string, ListenerRow> network in ListenerRow.Of(assessment.Listeners, each: false).GroupBy(row => row.First.Namespace, StringComparer.Ordinal))
        {
            string caption = network.Key == NetworkNamespace.HostName ? "On this host" : $"In network namespace {network.Key}";
            Table.Begin(page, caption, Columns);
            foreach (ListenerRow row in network)
            {
                Row(page, row, verdicts, assessment);
            }

            Table.End(page);
        }

        page.Raw("</section>\n");
    }

    private static void Row(Markup page, ListenerRow row, PortVerdicts verdicts, Assessment assessment)
    {
        PortVerdict verdict = verdicts.Of(row.All);
        page.Add($"<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{row.Port}</th>");
        Table.BeginCell(page, Columns[1]);
        Glyph.AddTo(page, verdict, hollow: row.IsLoopback);
        page.Add($"<span class=\"word {PortVerdicts.Class(verdict)}\">{Word(verdict, row)}</span>");
        Links(page, row, assessment);
        page.Raw("</td>");
        Table.Cell(page, Columns[2], row.Service == "-" ? "" : row.Service);
        Table.Cell(page, Columns[3], row.IsLoopback ? $"loopback ({row.Heard})" : row.Heard);
        Table.Cell(page, Columns[4], ReachedFrom.Of(row.All));
        Table.Cell(page, Columns[5], row.HeldBy == "?" ? "not seen" : row.HeldBy);
        Table.Cell(page, Columns[6], string.Join(", ", new[] { row.Unit, $"{row.Package} {row.Version}".Trim() }.Where(part => part.Length > 0)));
        Table.Cell(page, Columns[7], string.Join("; ", row.Remarks.Select(remark => remark.Text)));
        page.Raw("</tr>\n");
    }

    private static string Word(PortVerdict verdict, ListenerRow row) =>
        row.First.Expected == true ? $"{(verdict == PortVerdict.Expected ? "" : PortVerdicts.Words(verdict) + ", ")}allowed as {row.AllowedAs}"
        : row.First.Expected == false && verdict != PortVerdict.Unexpected ? $"{PortVerdicts.Words(verdict)}, not allowed"
        : PortVerdicts.Words(verdict);

    private static void Links(Markup page, ListenerRow row, Assessment assessment)
    {
        HashSet<string> keys = [.. row.All.Select(listener => listener.Key)];
        HashSet<string> linked = []; // IPv4 and IPv6 of one row often have the same finding
        for (int index = 0; index < assessment.Findings.Length; index++)
        {
            if (keys.Contains(assessment.Findings[index].Subject) && linked.Add(assessment.Findings[index].Id))
            {
                page.Add($" <a href=\"#f{index + 1}\">{assessment.Findings[index].Id}</a>");
            }
        }
    }
}
