using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Writes an assessment as Markdown (CommonMark with tables), every listener in a row of its own.</summary>
internal static class AuditMarkdown
{
    internal static string Render(Assessment assessment)
    {
        StringBuilder text = new();
        HostFacts host = assessment.Host;
        text.Append(CultureInfo.InvariantCulture, $"# Open ports of {Escape(host.Name ?? "this machine")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Escape(host.Os ?? "unknown system")}, kernel {Escape(host.Kernel ?? "unknown")}, ");
        text.Append(CultureInfo.InvariantCulture, $"{assessment.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n\n{Headline.Counts(assessment)} {Escape(FirewallLine.Of(assessment.Firewall))} {Escape($"{PolicyLine.Of(assessment)} {ComplianceLine.Of(assessment)}".TrimEnd())}\n");
        Findings(text, assessment);
        if (assessment.Listeners.Length > 0)
        {
            text.Append("\n## Listeners\n\n| Port | Service | Heard on | Reached from | Held by | Unit | Package | Namespace | Allowed as | Remarks |\n|---|---|---|---|---|---|---|---|---|---|\n");
        }

        foreach (ListenerRow row in ListenerRow.Of(assessment.Listeners, each: true))
        {
            string[] cells =
            [
                row.Port, row.Service, row.Heard, ReachedFrom.Of(row.All), row.HeldBy, row.Unit, $"{row.Package} {row.Version}".Trim(), row.First.Namespace, row.AllowedAs,
                string.Join("; ", row.Remarks.Select(remark => remark.Text)),
            ];
            text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
        }

        if (!assessment.Gaps.IsEmpty)
        {
            text.Append("\n## Not seen\n\n");
            foreach (Gap gap in assessment.Gaps)
            {
                text.Append("- ").Append(Escape(GapList.Sentence(gap))).Append('\n');
            }
        }

        return text.Append("\n*Heard on* is what the sockets allow; *reached from* is whom this host's firewall lets through. What stands in front of the host is not seen.\n").ToString();
    }

    private static void Findings(StringBuilder text, Assessment assessment)
    {
        if (assessment.Findings.IsEmpty)
        {
            return;
        }

        text.Append("\n## Findings\n");
        foreach (Finding finding in assessment.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {FindingList.Word(finding.Severity)}: {Escape(finding.Title)}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{Escape(finding.Id)}, about {Escape(finding.Subject)}\n\n");
            foreach (string fact in finding.Evidence)
            {
                text.Append("- ").Append(Escape(fact)).Append('\n');
            }

            text.Append("\nTo do: ").Append(Escape(finding.Remedy)).Append('\n');
            if (!finding.Controls.IsEmpty)
            {
                text.Append("\nControls: ").Append(Escape(string.Join(", ", finding.Controls))).Append('\n');
            }
        }
    }

    /// <summary>Takes every character its power that CommonMark gives one, or GitHub beside it (addresses that become links, formulas).</summary>
    private static string Escape(string cell)
    {
        string plain = PlainText.Of(cell).Trim(' ');
        StringBuilder escaped = new();
        for (int at = 0; at < plain.Length; at++)
        {
            if (IsAlwaysActive(plain[at]) || StartsBlock(plain, at) || StartsLink(plain, at))
            {
                escaped.Append('\\');
            }

            escaped.Append(plain[at]);
        }

        return escaped.ToString();
    }

    private static bool IsAlwaysActive(char letter) =>
        letter is '\\' or '`' or '*' or '_' or '{' or '}' or '[' or ']' or '<' or '>' or '#' or '|' or '!' or '&' or '~' or '$';

    /// <summary>Whether it would begin a list, a line or a heading: "- ", "+ ", "1. ", "1) ", "---", "===".</summary>
    private static bool StartsBlock(string text, int at) => at == 0
        ? text[0] is '-' or '+' or '='
        : text[at] is '.' or ')' && (at + 1 == text.Length || text[at + 1] == ' ') && text.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Whether it is the sign by which GitHub knows an address: the colon of "https://", the dot of "www.".</summary>
    private static bool StartsLink(string text, int at) =>
        (text[at] == ':' && text.AsSpan(at).StartsWith("://", StringComparison.Ordinal))
        || (text[at] == '.' && text.AsSpan(0, at).EndsWith("www", StringComparison.OrdinalIgnoreCase));
}
