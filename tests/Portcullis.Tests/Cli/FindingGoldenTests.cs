using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Tests.Police;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What people read of every kind of finding: as the audit tells it, and its page. The kinds are those that have a page.</summary>
public sealed class FindingGoldenTests
{
    private const string Folder = "findings/";
    private static readonly Terminal s_narrow = new(Width: 80, Color: false, Unicode: true);

    public static TheoryData<string> Kinds => [.. AllKinds];

    private static IEnumerable<string> AllKinds =>
        typeof(FindingPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Finding_and_its_page_read_as_agreed(string id)
    {
        Assert.True(FindingSamples.Kinds.Contains(id), $"FindingSamples has no machine that raises {id}");
        Assessment sample = FindingSamples.Of(id);

        // A golden file with the page alone would look whole.
        Assert.NotEmpty(sample.Findings);
        Assert.All(sample.Findings, finding => Assert.NotEmpty(finding.Evidence));
        Assert.All(sample.Findings, finding => Assert.NotEmpty(finding.Controls));
        StringBuilder text = new("As \"portcullis audit --verbose\" tells it, 80 columns wide:\n");
        FindingList.WriteAll(text, sample, s_narrow);
        text.Append("\n\nAs \"portcullis explain ").Append(id).Append("\" tells it:\n\n").Append(FindingText.Render(FindingPage.Find(id)!, s_narrow));
        Golden.Matches($"{Folder}{id}.txt", text.ToString());
    }

    [Fact]
    public void No_sample_and_no_golden_file_is_of_a_kind_that_is_no_more()
    {
        string[] kinds = [.. AllKinds.Order(StringComparer.Ordinal)];

        Assert.Contains("PC2001", kinds);
        Assert.Equal(kinds, FindingSamples.Kinds.Order(StringComparer.Ordinal));
        Assert.Equal(kinds, Directory.GetFiles(Path.Combine(Repository.Root, "tests/Portcullis.Tests/Cli/golden", Folder)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }
}
