using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Portcullis.Cli.Report.Html;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Cli;
using Xunit;

namespace Portcullis.BrowserTests;

/// <summary>The report as a browser shows it: to eyes, in the dark, on a telephone, on paper, and to those who hear it.</summary>
public sealed class HtmlPageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string Sample = HtmlReport.Render(Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy)));
    private static readonly string Empty = HtmlReport.Render(Facts.Judged(Facts.Snapshot()));

    [Fact]
    public async Task Page_opens_from_a_file_and_asks_for_nothing_else()
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), Sample);

        Assert.Empty(opened.Complaints);
        Assert.StartsWith("file:///", Assert.Single(opened.Requests), StringComparison.Ordinal);
        Assert.Equal("Open ports of web1, 2026-11-21", await opened.Page.TitleAsync());
        Assert.Equal("verdict", await opened.Page.EvaluateAsync<string>("() => document.querySelector('h2').id"));
        // The style sheet applies though the policy of the page allows no other.
        Assert.NotEqual("16px", await opened.Page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('h1')).fontSize"));
    }

    [Fact]
    public async Task Style_or_picture_that_was_smuggled_in_is_refused()
    {
        string tampered = Sample.Replace("</h1>", "</h1><style>h1{display:none}</style><img src=\"https://example.invalid/x.png\" alt=\"\"><script>document.title='run'</script>", StringComparison.Ordinal);
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), tampered);

        Assert.NotEmpty(opened.Complaints);
        Assert.Equal("Open ports of web1, 2026-11-21", await opened.Page.TitleAsync());
        Assert.True(await opened.Page.Locator("h1").IsVisibleAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, true)]
    [InlineData(ColorScheme.Dark, 1280, true)]
    [InlineData(ColorScheme.Light, 400, true)]
    [InlineData(ColorScheme.Dark, 400, true)]
    [InlineData(ColorScheme.Light, 1280, false)]
    public async Task Axe_finds_nothing(ColorScheme scheme, int width, bool full)
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(scheme, width), full ? Sample : Empty);

        Assert.Equal("", await Axe(opened.Page));
    }

    [Fact]
    public async Task Axe_would_find_something()
    {
        string pale = Sample.Replace("<main", "<p><font color=\"#dddddd\">hardly there</font><img src=\"data:,\"></p><main", StringComparison.Ordinal);
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), pale);
        string found = await Axe(opened.Page);

        Assert.Contains("color-contrast", found, StringComparison.Ordinal);
        Assert.Contains("image-alt", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(400)]
    [InlineData(1280)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        foreach (string html in new[] { Sample, HtmlReport.Render(Facts.Judged(SampleServer.Hostile(new string('w', 300)))) })
        {
            await using OpenedPage opened = await OpenedPage.Open(await browser.Window(width: width), html);

            Assert.Equal("", await opened.Page.EvaluateAsync<string>(
                """
                () => [...document.querySelectorAll('body *:not(.skip)')].filter(element => element.getClientRects().length > 0 && element.getBoundingClientRect().right > innerWidth + 1)
                    .map(element => element.outerHTML.slice(0, 80)).slice(0, 5).join('\n')
                """));
            Assert.InRange(await opened.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
        }
    }

    [Fact]
    public async Task Dark_is_dark_light_is_light_and_paper_is_white()
    {
        await using OpenedPage light = await OpenedPage.Open(await browser.Window(), Sample);
        await using OpenedPage dark = await OpenedPage.Open(await browser.Window(ColorScheme.Dark), Sample);

        Assert.InRange(await Brightness(light.Page, "body", "backgroundColor"), 230, 255);
        Assert.InRange(await Brightness(dark.Page, "body", "backgroundColor"), 0, 40);
        Assert.InRange(await Brightness(dark.Page, "body", "color"), 200, 255);
        await dark.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.Equal(255, await Brightness(dark.Page, "body", "backgroundColor"));
        Assert.InRange(await Brightness(dark.Page, "body", "color"), 0, 60);
    }

    [Fact]
    public async Task Page_prints_on_a_few_sheets()
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), Sample);
        byte[] document = await opened.Page.PdfAsync(new PagePdfOptions { Format = "A4", PreferCSSPageSize = true });
        string text = Encoding.Latin1.GetString(document);

        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        Assert.InRange(Sheets(text), 3, 14);
        Assert.InRange(document.Length, 20_000, 2_000_000);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Picture_shows_every_open_port_and_no_two_verdicts_look_alike(ColorScheme scheme)
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(scheme), Sample);
        JsonElement marks = await opened.Page.EvaluateAsync<JsonElement>(
            """
            () => [...document.querySelectorAll('.mark')].map(mark => {
                const path = mark.querySelector('path'), box = path.getBoundingClientRect();
                return { name: mark.getAttribute('class').split(' ')[1], shape: path.getAttribute('d'), colour: getComputedStyle(path).stroke, width: box.width, height: box.height };
            })
            """);
        JsonElement[] all = [.. marks.EnumerateArray()];

        Assert.NotEmpty(all);
        Assert.All(all, mark => Assert.True(mark.GetProperty("width").GetDouble() > 4 && mark.GetProperty("height").GetDouble() > 4));
        string[] names = [.. all.Select(mark => mark.GetProperty("name").GetString()!).Distinct()];
        Assert.True(names.Length >= 4);
        Assert.Equal(names.Length, all.Select(mark => mark.GetProperty("shape").GetString()).Distinct().Count());
        Assert.Equal(names.Length, all.Select(mark => mark.GetProperty("colour").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Screenshot_is_not_blank()
    {
        await using OpenedPage full = await OpenedPage.Open(await browser.Window(), Sample);
        await using OpenedPage blank = await OpenedPage.Open(await browser.Window(), "<!DOCTYPE html><html lang=\"en\"><title>x</title></html>");

        // PNG packs a blank page into a few kilobytes; letters and pictures do not pack.
        Assert.True((await full.Page.ScreenshotAsync()).Length > 5 * (await blank.Page.ScreenshotAsync()).Length);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</title></style><svg onload=alert(1)>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("javascript:alert(1)//' onmouseover='alert(1)")]
    public async Task Hostile_name_is_shown_and_never_runs(string name)
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), HtmlReport.Render(Facts.Judged(SampleServer.Hostile(name))));

        Assert.False(opened.Spoke);
        Assert.Empty(opened.Complaints);
        Assert.Single(opened.Requests);
        Assert.Equal(0, await opened.Page.EvaluateAsync<int>("() => document.querySelectorAll('script, img, iframe, [onload], [onerror], [onmouseover]').length"));
        Assert.Contains(name, await opened.Page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_reads_without_any_script()
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(scripts: false), Sample);

        Assert.True(await opened.Page.Locator("#verdict").IsVisibleAsync());
        Assert.True(await opened.Page.Locator("table").First.IsVisibleAsync());
    }

    [Fact]
    public async Task Keyboard_reaches_the_verdict_first_and_sees_where_it_is()
    {
        await using OpenedPage opened = await OpenedPage.Open(await browser.Window(), Sample);
        await opened.Page.Keyboard.PressAsync("Tab");

        Assert.Equal("Skip to the verdict", await opened.Page.EvaluateAsync<string>("() => document.activeElement.innerText"));
        Assert.True(await opened.Page.EvaluateAsync<bool>("() => document.activeElement.getBoundingClientRect().left >= 0 && getComputedStyle(document.activeElement).outlineStyle !== 'none'"));
    }

    private static async Task<string> Axe(IPage page)
    {
        await page.EvaluateAsync(new BundledAxeScriptProvider().GetScript() + "\n;0");
        return await page.EvaluateAsync<string>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120) + ' ' + node.any.map(check => check.message).join('; ')).slice(0, 3).join(' | ')}`).join('\n')
            """);
    }

    private static async Task<int> Brightness(IPage page, string element, string property)
    {
        string color = await page.EvaluateAsync<string>($"() => getComputedStyle(document.querySelector('{element}')).{property}");
        return (int)color[(color.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(',').Take(3).Average(part => double.Parse(part, CultureInfo.InvariantCulture));
    }

    private static int Sheets(string document) => document.Split("/Type /Page\n").Length - 1;
}
