using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>What could not be checked, so that nobody takes its absence for a fact.</summary>
internal static class GapSection
{
    private static readonly string[] Columns = ["What", "Why", "What helps"];

    internal static void AddTo(Markup page, Assessment assessment)
    {
        page.Raw("<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\">What was not seen</h2>\n");
        if (assessment.Complete)
        {
            page.Raw("<p>Everything that was asked for was seen.</p>\n");
        }
        else
        {
            page.Raw("<p>Nothing below is clean: it is unknown.</p>\n");
            Table.Begin(page, "Not seen", Columns);
            foreach (Gap gap in assessment.Gaps)
            {
                page.Add($"<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{gap.What}</th>");
                Table.Cell(page, Columns[1], gap.Why);
                Table.Cell(page, Columns[2], gap.Remedy ?? "");
                page.Raw("</tr>\n");
            }

            Table.End(page);
        }

        page.Raw("</section>\n");
    }
}
