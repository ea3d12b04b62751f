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
        Odd(text, assessment, terminal);
        Line(text, terminal, "", assessment.Complete
            ? "Everything was seen."
            : "Not seen: " + string.Join("; ", assessment.Gaps.Select(gap => $"{gap.What} ({gap.Why})")) + ".");
        Line(text, terminal, "", "Whether these ports should be open is not judged yet, and the firewall is not read.");
        Line(text, terminal, "Next: ", assessment.Observer() ? "portcullis audit" : "sudo portcullis audit");
        return text.ToString();
    }

    private static void Odd(StringBuilder text, Assessment assessment, Terminal terminal)
    {
        string[] odd =
        [
            .. ListenerRow.Of(assessment.Listeners, each: false)
                .SelectMany(row => row.Remarks.Where(remark => remark.Style >= Style.Notable).Take(1).Select(remark => (Row: row, Remark: remark)))
                .OrderByDescending(odd => odd.Remark.Style)
                .Select(odd => $"{odd.Row.Port} {odd.Row.HeldBy}: {odd.Remark.Text}"),
        ];
        string calm = assessment.Complete
            ? "no holder runs a deleted, temporary or unpackaged executable."
            : "nothing odd among what was seen.";
        Line(text, terminal, "Worth a look: ", odd.Length == 0 ? calm : List(odd, "; ") + ".");
    }

    private static string List(IEnumerable<string> items, string separator = ", ")
    {
        string[] all = [.. items.Distinct(StringComparer.Ordinal)];
        string named = string.Join(separator, all.Take(Named));
        return all.Length <= Named ? named : string.Create(CultureInfo.InvariantCulture, $"{named} and {all.Length - Named} more");
    }

    private static void Line(StringBuilder text, Terminal terminal, string title, string rest) =>
        Wrap.WriteTo(text, title + PlainText.Of(rest), terminal.Width, "  ");

    /// <summary>Whether the observer had the rights to see all.</summary>
    private static bool Observer(this Assessment assessment) => assessment.Gaps.All(gap => gap.Remedy != "run with sudo");
}
