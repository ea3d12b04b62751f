using System;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>By what the machine was judged, and what it allows that is really there.</summary>
internal static class PolicySection
{
    private static readonly string[] Columns = ["Allowed as", "Ports", "Reason", "May be reached from", "Owner", "Until"];

    internal static void AddTo(Markup page, Assessment assessment)
    {
        page.Raw("<section aria-labelledby=\"policy\">\n<h2 id=\"policy\">The policy in force</h2>\n");
        if (assessment.Policy is not PolicyFacts policy)
        {
            page.Add($"<p>None. {PolicyLine.Next(assessment)}</p>\n</section>\n");
            return;
        }

        page.Add($"<p>Source: <code>{policy.Source}</code>. Roles: {(policy.Roles.IsEmpty ? "none" : string.Join(", ", policy.Roles))}.</p>\n");
        IGrouping<string, ListenerRow>[] allowed =
        [
            .. ListenerRow.Of(assessment.Listeners, each: false).Where(row => row.First.Approval is not null)
                .GroupBy(row => $"{row.First.Role} {row.First.RoleService}", StringComparer.Ordinal),
        ];
        if (allowed.Length > 0)
        {
            Table.Begin(page, "What it allows, of what listens", Columns);
            Array.ForEach(allowed, same => Row(page, same));
            Table.End(page);
        }

        page.Raw("</section>\n");
    }

    private static void Row(Markup page, IGrouping<string, ListenerRow> same)
    {
        Approval approval = same.First().First.Approval!;
        page.Add($"<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{same.Key}</th>");
        Table.Cell(page, Columns[1], string.Join(", ", same.Select(row => row.Port).Distinct(StringComparer.Ordinal)));
        Table.Cell(page, Columns[2], approval.Reason ?? "");
        Table.Cell(page, Columns[3], string.Join(", ", approval.From));
        Table.Cell(page, Columns[4], approval.Owner ?? "");
        Table.Cell(page, Columns[5], approval.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        page.Raw("</tr>\n");
    }
}
