using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Portcullis.Core.Knowledge;
using Portcullis.Tests.Police;
using Xunit;

namespace Portcullis.Tests.Knowledge;

/// <summary>The pages of findings and the table of controls as they are shipped.</summary>
public sealed partial class FindingPageTests
{
    private const string Folder = "data/findings/";

    /// <summary>Kinds whose pages were written before the checks that raise them.</summary>
    private static readonly string[] _headings = ["## What it means", "## Why it matters", "## How to mend it", "## When it is no fault", "## Sources"];

    private static readonly Dictionary<string, string> _pages = Repository.Files
        .Where(path => path.StartsWith(Folder, StringComparison.Ordinal)).ToDictionary(path => Path.GetFileNameWithoutExtension(path), Repository.Read, StringComparer.Ordinal);

    private static readonly string[] _raised =
        [.. Repository.Sources.SelectMany(source => FindingId().Matches(source.Text)).Select(match => match.Groups["id"].Value).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void Every_kind_that_the_code_raises_has_a_page_and_no_other_has() =>
        Assert.Equal("", string.Join("; ", Unmatched(_raised, _pages.Keys)));

    [Fact]
    public void Kind_without_a_page_and_page_without_a_kind_are_told()
    {
        Assert.Equal(["PC9999 has no page"], Unmatched([.. _raised, "PC9999"], _pages.Keys));
        Assert.Equal(["PC9999 is raised nowhere"], Unmatched(_raised, [.. _pages.Keys, "PC9999"]));
    }

    [Fact]
    public void Every_page_is_sound() => Assert.Equal("", string.Join("\n", _pages.SelectMany(page => Faults(page.Key, page.Value))));

    [Fact]
    public void Pages_are_compiled_in_as_they_stand()
    {
        foreach ((string id, string text) in _pages)
        {
            Assert.Equal(FindingPage.Parse(text)!.Text, FindingPage.Find(id)?.Text);
        }

        Assert.NotNull(FindingPage.Find("pc2001"));
        Assert.Null(FindingPage.Find("PC9999"));
    }

    [Theory]
    [InlineData("id: PC2001", "id: PC2002", "its id is not its name")]
    [InlineData("## Sources", "## Source", "its headings are not the five")]
    [InlineData("title: A", "title: a", "its title is no plain sentence")]
    [InlineData("## When it is no fault\n", "## When it is no fault\n\n## When it is no fault\n", "its headings are not the five")]
    [InlineData("CIS 4.8;", "CIS 4.9;", "CIS 4.9 is not in controls.tsv")]
    [InlineData("controls: ", "control: ", "it names no control")]
    [InlineData("## Why it matters\n", "## Why it matters\n\tx\n", "a tab or a control character")]
    public void Wrong_page_is_told(string sound, string broken, string fault)
    {
        string page = _pages["PC2001"];
        Assert.Empty(Faults("PC2001", page));
        Assert.Contains(Faults("PC2001", page.Replace(sound, broken, StringComparison.Ordinal)), one => one.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_control_is_on_a_page_and_has_its_document_source_and_state()
    {
        HashSet<string> used = [.. _pages.Values.SelectMany(text => FindingPage.Parse(text)!.Controls)];
        Assert.Equal("", string.Join("; ", Controls().Where(row => !used.Contains(row[0])).Select(row => row[0] + " is on no page")));
        Assert.All(Controls(), row =>
        {
            Assert.Equal(6, row.Length);
            Assert.All(row[..5], field => Assert.NotEqual("", field.Trim()));
            Assert.Contains("https://", row[3], StringComparison.Ordinal);
            Assert.Contains(row[4], (string[])["read", "cited"]);
        });
        Assert.Equal(Controls().Select(row => row[0]).Distinct().Order(StringComparer.Ordinal), Controls().Select(row => row[0]));
        Assert.Contains("M6 / M2", Controls().Single(row => row[0] == "CIS 4.8")[5], StringComparison.Ordinal);
    }

    private static List<string> Unmatched(IEnumerable<string> raised, IEnumerable<string> pages) =>
    [
        .. raised.Except(pages).Select(id => id + " has no page"),
        .. pages.Except(raised).Select(id => id + " is raised nowhere"),
    ];

    private static List<string> Faults(string name, string text)
    {
        if (FindingPage.Parse(text) is not { } page)
        {
            return [$"{name}: has no head"];
        }

        HashSet<string> known = [.. Controls().Select(row => row[0])];
        string[] lines = text.Split('\n');
        List<string> faults = [.. page.Controls.Where(control => !known.Contains(control)).Select(control => $"{name}: {control} is not in controls.tsv")];
        Add(page.Id != name, "its id is not its name");
        Add(!Sentence().IsMatch(page.Title), "its title is no plain sentence");
        Add(page.Controls.IsEmpty, "it names no control");
        Add(page.Controls.Distinct().Count() != page.Controls.Length, "a control stands there twice");
        Add(!lines.Where(line => line.StartsWith('#')).SequenceEqual(_headings), "its headings are not the five");
        Add(lines.Length is < 25 or > 55, "it is not 25 to 55 lines long");
        Add(text.Any(letter => char.IsControl(letter) && letter != '\n'), "a tab or a control character");
        Add(lines.Any(line => line.Length > 120 && !line.StartsWith("    ", StringComparison.Ordinal) && !line.StartsWith("controls: ", StringComparison.Ordinal)), "a line is too long");
        Add(!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal), "it does not end with one line end");
        return faults;

        void Add(bool isWrong, string fault)
        {
            if (isWrong)
            {
                faults.Add($"{name}: {fault}");
            }
        }
    }

    private static IEnumerable<string[]> Controls() =>
        DataFolder.Text("controls.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'));

    [GeneratedRegex("\"(?<id>PC[0-9]{4})\"", RegexOptions.None, 1000)]
    private static partial Regex FindingId();

    [GeneratedRegex("^[A-Z][^.]*[^. ]$", RegexOptions.None, 1000)]
    private static partial Regex Sentence();
}
