using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Snapshots;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private static readonly Snapshot Web = FirewallFacts.Guarded(Facts.Snapshot(Facts.Tcp("0.0.0.0", 443, 10), Facts.Tcp("127.0.0.1", 25, 11))) with
    {
        Processes = [Facts.Process(10, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx")), Facts.Process(11, "/usr/sbin/exim4", "exim4.service", Facts.Package("exim4"))],
        Units = [Facts.Unit("nginx.service"), Facts.Unit("exim4.service")],
    };

    private readonly string _file = Path.GetTempFileName();

    public CommandLineTests() => File.WriteAllBytes(_file, SnapshotJson.Write(Web));

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Snapshot_comes_from_a_file_or_from_standard_input_with_the_same_answer()
    {
        ProgramRun.Result file = ProgramRun.Of(["audit", "--snapshot", _file, "--json"]);
        ProgramRun.Result pipe = ProgramRun.Of(["audit", "--snapshot", "-", "--format", "json"], SnapshotJson.Write(Web));

        Assert.Equal((0, ""), (file.Code, file.Error));
        Assert.Equal(file.Output, pipe.Output);
        Assert.Equal("portcullis/assessment/1", JsonDocument.Parse(file.Output).RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void Incomplete_snapshot_ends_with_3()
    {
        byte[] partial = SnapshotJson.Write(Web with { Gaps = [new Gap("owner of 3 sockets", "not root", "run with sudo")] });
        ProgramRun.Result run = ProgramRun.Of(["audit", "--snapshot", "-"], partial);

        Assert.Equal(3, run.Code);
        Assert.Contains("owner of 3 sockets: not root (run with sudo)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --nonsense")]
    [InlineData("nonsense")]
    [InlineData("audit --format xml")]
    [InlineData("audit --fail-on never")]
    [InlineData("audit --snapshot /does/not/exist")]
    [InlineData("audit --snapshot /")]
    [InlineData("audit --snapshot ")]
    [InlineData("audit --output ")]
    [InlineData("audit --snapshot a --replay b")]
    [InlineData("audit --snapshot")]
    [InlineData("inspect --raw --redact")]
    [InlineData("explain")]
    [InlineData("explain 65536")]
    [InlineData("explain 99999999999999999999")]
    [InlineData("explain 80/icmp")]
    [InlineData("explain no-such-service-anywhere")]
    [InlineData("completion tcsh")]
    public void Bad_arguments_end_with_2_and_one_line(string arguments)
    {
        ProgramRun.Result run = ProgramRun.Of(arguments.Split(' '));

        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.StartsWith("portcullis: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"schema\":\"other/1\"}")]
    [InlineData("\u001b[31mhello")]
    public void File_that_is_no_snapshot_ends_with_2_and_one_line(string text)
    {
        ProgramRun.Result run = ProgramRun.Of(["audit", "--snapshot", "-"], Encoding.UTF8.GetBytes(text));

        Assert.Equal(2, run.Code);
        Assert.StartsWith("portcullis: standard input: not a snapshot: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(letter => letter == '\n'));
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public void Snapshot_without_raw_answers_cannot_be_decoded_again()
    {
        ProgramRun.Result run = ProgramRun.Of(["audit", "--replay", _file]);

        Assert.Equal(2, run.Code);
        Assert.Contains("--raw", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_goes_whole_into_a_file_or_is_refused()
    {
        string target = _file + ".out";
        try
        {
            Assert.Equal(0, ProgramRun.Of(["audit", "--snapshot", _file, "--json", "--output", target]).Code);
            Assert.Equal(ProgramRun.Of(["audit", "--snapshot", _file, "--json"]).Output, File.ReadAllText(target));
        }
        finally
        {
            File.Delete(target);
        }

        ProgramRun.Result refused = ProgramRun.Of(["audit", "--snapshot", _file, "--output", "/proc/no/such/place"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("/proc/no/such/place: can't be written", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_stays_a_device_and_a_link_a_link()
    {
        string target = _file + ".target";
        string link = _file + ".link";
        try
        {
            File.WriteAllText(target, "before, and longer than what comes after: " + new string('x', 100_000));
            File.CreateSymbolicLink(link, target);

            Assert.Equal(0, ProgramRun.Of(["audit", "--snapshot", _file, "--json", "--output", link]).Code);
            Assert.Equal(target, File.ResolveLinkTarget(link, returnFinalTarget: false)!.FullName);
            Assert.Equal(ProgramRun.Of(["audit", "--snapshot", _file, "--json"]).Output, File.ReadAllText(target));
        }
        finally
        {
            File.Delete(link);
            File.Delete(target);
        }

        // Only a shell's redirection here: a test must not risk a device of the machine on a program it doubts.
        ProgramRun.Result full = ProgramRun.Shell("audit --snapshot " + _file + " > /dev/full");
        Assert.Equal(2, full.Code);
        Assert.Contains("standard output: can't be written", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Closed_output_is_told()
    {
        ProgramRun.Result run = ProgramRun.Shell("audit --snapshot " + _file + " >&-");

        Assert.Equal(2, run.Code);
        Assert.StartsWith("portcullis: standard output: can't be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_that_has_seen_enough_is_no_error()
    {
        ProgramRun.Result run = ProgramRun.Shell("audit --snapshot " + _file + " --json | head -c 1; exit ${PIPESTATUS[0]}");

        Assert.Equal((0, "{", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public void Quiet_prints_nothing() => Assert.Equal((0, ""), (ProgramRun.Of(["audit", "--snapshot", _file, "--quiet"]) is var run ? run.Code : -1, run.Output));

    [Fact]
    public void Help_fits_an_ordinary_terminal_but_for_its_descriptions() =>
        Assert.All(ProgramRun.Of(["--help"]).Output.Split('\n'), static line => Assert.InRange(line.Length, 0, 160));

    [Fact]
    public void Help_of_every_command_has_examples()
    {
        foreach (string[] command in new[] { new[] { "--help" }, ["audit", "--help"], ["inspect", "--help"], ["explain", "--help"], ["roles", "--help"], ["suggest", "--help"], ["accept", "--help"], ["completion", "--help"] })
        {
            ProgramRun.Result run = ProgramRun.Of(command);
            Assert.Equal(0, run.Code);
            Assert.Matches($"Examples:\n  (sudo |ssh web1 )?portcullis( {command[0]})?", run.Output);
        }
    }

    [Fact]
    public void Completion_offers_commands_and_options()
    {
        Assert.Contains("audit", ProgramRun.Of(["[suggest:13]", "portcullis au"]).Output, StringComparison.Ordinal);
        Assert.Contains("--json", ProgramRun.Of(["[suggest:20]", "portcullis audit --j"]).Output, StringComparison.Ordinal);
        foreach (string shell in new[] { "bash", "zsh", "fish" })
        {
            Assert.Contains("suggest", ProgramRun.Of(["completion", shell]).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Explaining_a_port_tells_what_holds_it_there()
    {
        ProgramRun.Result held = ProgramRun.Of(["explain", "443/tcp", "--snapshot", _file]);
        ProgramRun.Result free = ProgramRun.Of(["explain", "5432/tcp", "--snapshot", _file]);

        Assert.Contains("nginx, nginx.service, package nginx 1.0-1, on all IPv4", held.Output, StringComparison.Ordinal);
        Assert.Contains("sudo systemctl disable --now nginx.service", held.Output, StringComparison.Ordinal);
        Assert.Contains("nothing holds it", free.Output, StringComparison.Ordinal);
        Assert.Contains("postgresql", free.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_one_of_the_65536_ports_is_explained()
    {
        Terminal terminal = new(Width: null, Color: false, Unicode: true);
        Assessment here = Facts.Judged(Web);
        for (int port = 0; port <= 65535; port++)
        {
            string text = ExplainText.Render([Explain.Of(new PortQuestion(port, Protocol.Tcp), here), Explain.Of(new PortQuestion(port, Protocol.Udp), here)], terminal);
            string kind = port < 1024 ? "system port (0 to 1023)" : port < 49152 ? "user port (1024 to 49151)" : "dynamic port (49152 to 65535)";
            bool isWhole = text.StartsWith($"{port}/tcp", StringComparison.Ordinal) && text.Contains($"\n{port}/udp", StringComparison.Ordinal) && text.Split(kind).Length == 3;
            Assert.True(isWhole, text);
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("65535", 0)]
    [InlineData("65536", 2)]
    public void First_and_last_port_are_explained_and_the_next_is_none(string port, int code) => Assert.Equal(code, ProgramRun.Of(["explain", port, "--snapshot", _file]).Code);
}
