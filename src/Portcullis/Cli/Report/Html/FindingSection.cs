using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>What is amiss, worst first, each with its evidence and the one thing that mends it.</summary>
internal static class FindingSection
{
    internal static void AddTo(Markup page, Assessment assessment)
    {
        page.Raw("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
        if (assessment.Findings.IsEmpty)
        {
            page.Add($"<p>{(assessment.Complete ? "None." : "None among what was seen; see what was not.")}</p>\n");
        }

        for (int index = 0; index < assessment.Findings.Length; index++)
        {
            One(page, assessment.Findings[index], index + 1);
        }

        page.Raw("</section>\n");
    }

    private static void One(Markup page, Finding finding, int number)
    {
        PortVerdict verdict = PortVerdicts.Of(finding.Severity);
        page.Add($"<article class=\"finding {PortVerdicts.Class(verdict)}\" id=\"f{number}\" aria-labelledby=\"f{number}t\">\n<p class=\"badge\">");
        Glyph.AddTo(page, verdict);
        page.Add($"<strong>{FindingList.Word(finding.Severity)}</strong> <span>{finding.Id}</span></p>\n<h3 id=\"f{number}t\">{finding.Title}</h3>\n");
        page.Add($"<p class=\"todo\"><span class=\"label\">To do</span> {finding.Remedy}</p>\n");
        if (!finding.Evidence.IsEmpty)
        {
            page.Raw("<div class=\"evidence\"><p class=\"label\">Evidence</p>\n<ul>\n");
            foreach (string fact in finding.Evidence)
            {
                page.Add($"<li>{fact}</li>\n");
            }

            page.Raw("</ul></div>\n");
        }

        page.Add($"<dl class=\"small\"><div><dt>About</dt><dd><code>{finding.Subject}</code></dd></div>\n");
        if (finding.Location is string place)
        {
            page.Add($"<div><dt>Where</dt><dd><code>{place}</code></dd></div>\n");
        }

        Controls(page, finding.Controls);
        page.Raw("</dl>\n</article>\n");
    }

    private static void Controls(Markup page, ImmutableArray<string> controls)
    {
        if (!controls.IsEmpty)
        {
            page.Add($"<div><dt>Controls</dt><dd>{string.Join("; ", controls)}</dd></div>\n");
        }
    }
}
