using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>The first thing on the page: what is the matter, in one sentence, and how much was looked at.</summary>
internal static class VerdictSection
{
    internal static void AddTo(Markup page, Assessment assessment)
    {
        page.Add($"<section class=\"verdict tone-{Tone(assessment)}\" aria-labelledby=\"verdict\">\n<h2 id=\"verdict\">{Sentence(assessment)}</h2>\n");
        if (assessment.Findings.FirstOrDefault() is { } worst)
        {
            page.Add($"<p class=\"worst\">{(assessment.Findings.Length == 1 ? "" : "Worst: ")}{worst.Title}.</p>\n");
        }

        page.Add($"<p>{$"{PolicyLine.Of(assessment)} {ComplianceLine.Of(assessment)}".TrimEnd()}</p>\n<p>{FirewallLine.Of(assessment.Firewall)}</p>\n");
        Numbers(page, assessment);
        page.Raw("<nav aria-label=\"On this page\"><ul>");
        page.Raw("<li><a href=\"#findings\">Findings</a></li><li><a href=\"#picture\">All ports</a></li><li><a href=\"#listeners\">Listeners</a></li><li><a href=\"#gaps\">Not seen</a></li><li><a href=\"#policy\">Policy</a></li>");
        page.Raw("</ul></nav>\n</section>\n");
    }

    /// <summary>One sentence. Where something could not be checked, it never sounds as if all were well.</summary>
    internal static string Sentence(Assessment assessment)
    {
        string unseen = HtmlReport.Count(assessment.Gaps.Length, "thing");
        if (!assessment.Findings.IsEmpty)
        {
            string findings = HtmlReport.Count(assessment.Findings.Length, "finding");
            string worst = FindingList.Word(assessment.Findings.Max(finding => finding.Severity));
            string all = assessment.Findings.Length == 1 ? $"{findings}, {worst}" : $"{findings}, the worst {worst}";
            return assessment.Complete ? all + "." : $"{all}; {unseen} could not be checked, so there may be more.";
        }

        return !assessment.Complete ? $"Not known: {unseen} could not be checked. No findings among what was seen."
            : assessment.Policy is null ? "No findings. Nobody has said yet what this machine is for."
            : "No findings. Everything was seen, and the policy allows it.";
    }

    private static string Tone(Assessment assessment) => assessment.Findings.IsEmpty
        ? assessment.Complete ? "good" : "unknown"
        : assessment.Findings.Max(finding => finding.Severity) switch
        {
            Severity.Critical or Severity.High => "bad",
            Severity.Medium => "warn",
            _ => assessment.Complete ? "mild" : "unknown",
        };

    private static void Numbers(Markup page, Assessment assessment)
    {
        Listener[] here = [.. assessment.Listeners.Where(listener => listener.Namespace == NetworkNamespace.HostName)];
        int loopback = here.Count(listener => listener.Scope == Scope.Loopback);
        page.Raw("<dl class=\"numbers\">\n");
        foreach (IGrouping<Severity, Finding> same in assessment.Findings.GroupBy(finding => finding.Severity).OrderByDescending(same => same.Key))
        {
            page.Raw("<div><dt>");
            Glyph.AddTo(page, PortVerdicts.Of(same.Key));
            page.Add($"{FindingList.Word(same.Key)}</dt><dd>{same.Count()}</dd></div>\n");
        }

        Number(page, "beyond this host", here.Length - loopback);
        Number(page, "loopback only", loopback);
        if (here.Length < assessment.Listeners.Length)
        {
            Number(page, "other namespaces", assessment.Listeners.Length - here.Length);
        }

        page.Raw("</dl>\n");
    }

    private static void Number(Markup page, string words, int number) => page.Add($"<div><dt>{words}</dt><dd>{number}</dd></div>\n");
}
