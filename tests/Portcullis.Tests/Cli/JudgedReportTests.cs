using System;
using System.Linq;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Knowledge;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What people read of a judgement by a policy, and of the kinds of findings.</summary>
public sealed class JudgedReportTests
{
    private static readonly Terminal Narrow = new(Width: 80, Color: false, Unicode: true);

    [Fact]
    public void Audit_by_a_policy_reads_as_agreed() =>
        Golden.Matches("report-audit-policy.txt", new AuditTable(Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy)), Narrow with { Width = 120 }, verbose: false).Render());

    [Fact]
    public void Page_of_every_finding_fits_a_narrow_terminal()
    {
        const string Folder = "findings/";
        const string Command = "      "; // to be copied as it is, so that it must not break
        string[] ids = [.. typeof(FindingPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..])];
        Assert.Contains("PC2001", ids);
        foreach (string id in ids)
        {
            string page = FindingText.Render(FindingPage.Find(id)!, Narrow);
            // The title is one line however narrow the terminal is.
            Assert.StartsWith(id + ": ", page, StringComparison.Ordinal);
            Assert.All(page.Split('\n').Skip(1), line => Assert.True(line.Length <= 80 || line.StartsWith(Command, StringComparison.Ordinal), $"{id}: {line}"));
        }
    }
}
