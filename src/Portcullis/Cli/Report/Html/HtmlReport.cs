using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>
/// Writes an assessment as one page that needs nothing else: no script, no font, no request. It reads on a telephone, in the dark,
/// by ear and on paper. A function of the assessment alone.
/// </summary>
internal static class HtmlReport
{
    internal static string Render(Assessment assessment)
    {
        Markup page = new();
        Head(page, assessment);
        Banner(page, assessment);
        page.Raw("<main id=\"content\">\n");
        VerdictSection.AddTo(page, assessment);
        FindingSection.AddTo(page, assessment);
        PictureSection.AddTo(page, assessment);
        ListenerSection.AddTo(page, assessment);
        GapSection.AddTo(page, assessment);
        PolicySection.AddTo(page, assessment);
        page.Raw("</main>\n<footer>\n");
        page.Add($"<p>Made by Portcullis from facts taken {Time(assessment)}. This page asks nothing of any other machine and runs no program.</p>\n");
        page.Raw("</footer>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>When the facts were taken, for people.</summary>
    internal static string Time(Assessment assessment) => assessment.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"1 finding", "2 findings".</summary>
    internal static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private static void Head(Markup page, Assessment assessment)
    {
        string style = StyleSheet();
        // Only the style sheet that is meant applies, and nothing can be loaded or run, even if an escape were forgotten somewhere.
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n");
        page.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.Add($"<title>Open ports of {assessment.Host.Name ?? "this machine"}, {assessment.TakenAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}</title>\n");
        page.Raw($"<style>{style}</style>\n</head>\n");
    }

    private static void Banner(Markup page, Assessment assessment)
    {
        HostFacts host = assessment.Host;
        page.Raw("<body>\n<a class=\"skip\" href=\"#content\">Skip to the verdict</a>\n<header>\n");
        page.Add($"<h1><span class=\"eyebrow\">Open ports of</span> {host.Name ?? "this machine"}</h1>\n");
        page.Add($"<p class=\"meta\"><span>{host.Os ?? "unknown system"}</span> <span>kernel {host.Kernel ?? "unknown"}</span> <span>{Time(assessment)}</span></p>\n</header>\n");
    }

    private static string StyleSheet()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css") ?? throw new InvalidOperationException("the style sheet was not compiled in");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
