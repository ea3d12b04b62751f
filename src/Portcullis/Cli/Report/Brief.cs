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
        text.Append(Paint.With(PlainText.Of($"{assessment.Host.Name ?? "This machine"}: {Verdict(assessment)}"), Style.Strong, terminal)).Append('\n');
        Line(text, terminal, "Worst: ", assessment.Findings.FirstOrDefault() is Finding worst ? $"{worst.Title}." : assessment.Complete ? "nothing." : "nothing among what was seen.");
        Line(text, terminal, "", Headline.Counts(assessment));
        Line(text, terminal, "Heard beyond this host: ", open.Length == 0 ? "nothing that was seen." : List(open.Select(Heard)) + ".");
        Line(text, terminal, "", (assessment.Complete
            ? "Everything was seen"
            : "Not seen: " + string.Join("; ", assessment.Gaps.Select(gap => $"{gap.What} ({gap.Why})"))) + ".");
        Line(text, terminal, "Next: ", assessment.Observer() ? "portcullis audit" : "sudo portcullis audit");
        return text.ToString();
    }

    /// <summary>"1 high, 2 low by portcullis.yaml (web-server)."</summary>
    private static string Verdict(Assessment assessment)
    {
        string findings = assessment.Findings.IsEmpty ? "no findings" : FindingList.Counts(assessment.Findings);
        return assessment.Policy is PolicyFacts policy ? $"{findings}, by {policy.Source} ({PolicyLine.Roles(policy)})."
            : assessment.LikelyRoles.IsEmpty ? $"{findings}, without a policy."
            : $"{findings}, without a policy; it looks like {string.Join(", ", assessment.LikelyRoles)}.";
    }

    /// <summary>"22/tcp sshd", with who reaches it where that is not everybody.</summary>
    private static string Heard(ListenerRow row) =>
        ReachedFrom.Of(row.All) is { Length: > 0 } from && from != "everybody" ? $"{row.Port} {row.HeldBy} (reached from: {from})" : $"{row.Port} {row.HeldBy}";

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
