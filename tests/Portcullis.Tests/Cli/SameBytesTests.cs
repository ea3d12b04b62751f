using System;
using System.IO;
using System.Linq;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Snapshots;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Two runs over one snapshot give the same bytes, whatever else differs between them.</summary>
public sealed class SameBytesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-test-").FullName;

    public SameBytesTests()
    {
        File.WriteAllBytes(Path.Combine(_folder, "snapshot.json"), SnapshotJson.Write(SampleServer.Facts));
        File.WriteAllText(Path.Combine(_folder, "policy.yaml"), SampleServer.Policy);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("sarif")]
    [InlineData("csv")]
    [InlineData("markdown")]
    [InlineData("html")]
    public void Two_runs_over_one_snapshot_are_the_same_bytes(string format)
    {
        string[] arguments = ["audit", "--verbose", "--fail-on", "none", "--format", format, "--snapshot", Path.Combine(_folder, "snapshot.json"), "--policy", Path.Combine(_folder, "policy.yaml")];
        ProgramRun.Result first = ProgramRun.Of(arguments, null, ("TZ", "UTC"), ("LC_ALL", "C.UTF-8"));
        ProgramRun.Result second = ProgramRun.Of(arguments, null, ("TZ", "Asia/Tokyo"), ("LC_ALL", "C.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("HOME", "/nowhere"), ("USER", "nobody"));

        Assert.Equal((3, ""), (first.Code, first.Error));
        Assert.Contains("6379", first.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-21", first.Output, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Facts_in_another_order_read_the_same(bool verbose)
    {
        Snapshot reversed = SampleServer.Facts with
        {
            Sockets = [.. SampleServer.Facts.Sockets.Reverse()],
            Processes = [.. SampleServer.Facts.Processes.Reverse()],
            Units = [.. SampleServer.Facts.Units.Reverse()],
            Namespaces = [.. SampleServer.Facts.Namespaces.Reverse()],
        };
        Terminal terminal = new(Width: 120, Color: true, Unicode: true);
        Assessment one = Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy));
        Assessment other = Facts.Judged(reversed, Facts.Policy(SampleServer.Policy));

        Assert.Equal(new AuditTable(one, terminal, verbose).Render(), new AuditTable(other, terminal, verbose).Render());
        Assert.Equal(AuditMarkdown.Render(one), AuditMarkdown.Render(other));
        Assert.Equal(Brief.Render(one, terminal), Brief.Render(other, terminal));
    }
}
