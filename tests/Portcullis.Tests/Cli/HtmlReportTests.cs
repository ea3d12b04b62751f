using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portcullis.Cli.Report.Html;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed partial class HtmlReportTests
{
    private static readonly Assessment Server = Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy));

    [Fact]
    public void Page_reads_as_agreed() => Golden.Matches("report.html", Hash().Replace(Style().Replace(HtmlReport.Render(SampleServer.Agreed), "<style></style>"), "sha256-"));

    [Fact]
    public void Verdict_comes_first_and_counts_the_findings()
    {
        XElement first = HtmlOutline.Parse(HtmlReport.Render(SampleServer.Agreed)).Descendants("h2").First();

        Assert.Equal("verdict", (string?)first.Attribute("id"));
        Assert.Equal("2 findings, the worst high; 2 things could not be checked, so there may be more.", first.Value);
    }

    [Fact]
    public void Machine_of_which_not_all_was_seen_is_never_called_clean()
    {
        Assessment empty = Facts.Judged(Facts.Snapshot()) with { Gaps = [new Gap("tcp sockets", "the kernel's answer is malformed", null)] };
        string page = HtmlReport.Render(empty);

        Assert.Equal("Not known: 1 thing could not be checked. No findings among what was seen.", VerdictSection.Sentence(empty));
        Assert.Contains("tone-unknown", page, StringComparison.Ordinal);
        Assert.Contains("Not all was seen", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Everything", page, StringComparison.Ordinal);
        Assert.Contains("Everything that was asked for was seen", HtmlReport.Render(empty with { Gaps = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Low_findings_beside_gaps_do_not_look_mild()
    {
        Assessment low = Server with { Findings = [new Finding { Id = "PC1", Severity = Severity.Low, Title = "t", Subject = "s", Remedy = "r" }] };

        Assert.Contains("tone-unknown", HtmlReport.Render(low), StringComparison.Ordinal);
        Assert.Contains("tone-mild", HtmlReport.Render(low with { Gaps = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_holds_every_finding_listener_and_gap()
    {
        XElement page = HtmlOutline.Parse(HtmlReport.Render(Server));

        Assert.Equal(Server.Findings.Select(finding => finding.Title), page.Descendants("h3").Select(title => title.Value));
        Assert.All(Server.Findings, finding => Assert.Contains(page.Descendants("p"), line => line.Value.EndsWith(finding.Remedy, StringComparison.Ordinal)));
        Assert.All(Server.Gaps, gap => Assert.Contains(page.Descendants("th"), cell => cell.Value == gap.What));
        foreach (string port in new[] { "22/tcp", "6379/tcp", "68/udp", "packet", "8080/tcp" })
        {
            Assert.Contains(page.Descendants("th"), cell => cell.Value == port);
        }
    }

    [Fact]
    public void Each_open_port_is_drawn_once_in_its_place_and_stands_in_the_table_too()
    {
        XElement page = HtmlOutline.Parse(HtmlReport.Render(SampleServer.Agreed));
        XElement whole = page.Descendants("svg").Single(svg => ((string?)svg.Attribute("aria-labelledby"))?.StartsWith("tcp-all", StringComparison.Ordinal) == true);
        string[] titles = [.. whole.Descendants("g").Select(mark => mark.Element("title")!.Value)];
        XElement twin = page.Descendants("table").Single(table => table.Element("caption")!.Value == "The same as a table");

        Assert.Equal(OpenPort.Of(SampleServer.Agreed, Protocol.Tcp).Length, titles.Length);
        Assert.Equal(titles.Length, titles.Distinct().Count());
        Assert.Contains("6379 redis: high", titles);
        Assert.Contains("443 https: allowed", titles);
        (int column, int row) = HilbertCurve.CellOf(6379);
        Assert.Contains(whole.Descendants("path"), path => ((string?)path.Attribute("transform"))?.StartsWith(FormattableString.Invariant($"translate({column + 0.5} {row + 0.5})"), StringComparison.Ordinal) == true);
        foreach (OpenPort port in OpenPort.Of(SampleServer.Agreed, Protocol.Tcp).Concat(OpenPort.Of(SampleServer.Agreed, Protocol.Udp)))
        {
            Assert.Contains(twin.Descendants("b"), number => number.Value == FormattableString.Invariant($"{port.Number}"));
        }
    }

    [Fact]
    public void Page_asks_nothing_of_the_network_and_runs_nothing()
    {
        string html = HtmlReport.Render(Server);

        Assert.Contains("default-src 'none'; style-src 'sha256-", html, StringComparison.Ordinal);
        XElement page = HtmlOutline.Parse(html);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "embed" or "form" or "base");
        Assert.All(page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src"), attribute => Assert.StartsWith("#", attribute.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "style");
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</style><img src=x onerror=alert(1)>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("' x='&lt;script&gt;]]>--><!--")]
    [InlineData("a\u0000\u202e\u2028\n\u001b[2J")]
    public void Hostile_name_is_text_and_nothing_else(string name)
    {
        XElement calm = HtmlOutline.Parse(HtmlReport.Render(Facts.Judged(SampleServer.Hostile("calm"))));
        string html = HtmlReport.Render(Facts.Judged(SampleServer.Hostile(name)));
        XElement page = HtmlOutline.Parse(html);

        Assert.Equal(HtmlOutline.Structure(calm), HtmlOutline.Structure(page));
        Assert.Contains(Portcullis.Cli.Table.PlainText.Of(name), page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(html, letter => letter != '\n' && (char.IsControl(letter) || letter is '\u202e' or '\u2028'));
    }

    [Fact]
    public void Names_and_references_within_the_page_match()
    {
        XElement page = HtmlOutline.Parse(HtmlReport.Render(Server));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.Descendants("a").Attributes("href"), link => Assert.Contains(link.Value[1..], ids));
        Assert.All(page.Descendants().Attributes("aria-labelledby").SelectMany(labels => labels.Value.Split(' ')), label => Assert.Contains(label, ids));
    }

    [Fact]
    public void Page_of_an_ordinary_server_is_small() => Assert.InRange(HtmlReport.Render(Server).Length, 10_000, 80_000);

    [Fact]
    public void Same_facts_in_another_order_give_the_same_bytes() => Assert.Equal(
        HtmlReport.Render(Server),
        HtmlReport.Render(Facts.Judged(SampleServer.Facts with { Sockets = [.. SampleServer.Facts.Sockets.Reverse()], Processes = [.. SampleServer.Facts.Processes.Reverse()] }, Facts.Policy(SampleServer.Policy))));

    [GeneratedRegex("sha256-[A-Za-z0-9+/=]*", RegexOptions.None, 1000)]
    private static partial Regex Hash();

    [GeneratedRegex("<style>[^<]*</style>", RegexOptions.None, 1000)]
    private static partial Regex Style();
}
