using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Snapshots;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What each option changes, and what it does not go with.</summary>
public sealed class CommandOptionTests : IDisposable
{
    private const string Key = "tcp/any/ipv4/6379/redis-server.service";

    private static readonly Snapshot s_cache = FirewallFacts.Guarded(Facts.Snapshot(Facts.Tcp("0.0.0.0", 6379, 10))) with
    {
        Processes = [Facts.Process(10, "/usr/bin/redis-server", "redis-server.service", Facts.Package("redis-server")) with { User = "redis", Uid = 107 }],
        Units = [Facts.Unit("redis-server.service")],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-test-").FullName;

    public CommandOptionTests()
    {
        File.WriteAllBytes(Whole, SnapshotJson.Write(s_cache));
        File.WriteAllBytes(Partial, SnapshotJson.Write(s_cache with { Gaps = [new Gap("owner of 3 sockets", "not root", "run with sudo")] }));
    }

    private string Whole => Path.Combine(_folder, "whole.json");

    private string Partial => Path.Combine(_folder, "partial.json");

    private string Policy => Path.Combine(_folder, "portcullis.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("none", 0)]
    [InlineData("info", 1)]
    [InlineData("low", 1)]
    [InlineData("high", 1)]
    [InlineData("critical", 0)]
    public void Threshold_decides_on_the_exit_code(string least, int code)
    {
        Assert.Equal(code, ProgramRun.Of(["audit", "--quiet", "--snapshot", Whole, "--fail-on", least]).Code);
        Assert.Equal(code == 0 ? 3 : 1, ProgramRun.Of(["audit", "--quiet", "--snapshot", Partial, "--fail-on", least]).Code);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("suggest")]
    public void Machine_that_was_half_seen_is_told_by_every_command(string command)
    {
        Assert.Equal(0, ProgramRun.Of([command, "--snapshot", Whole]).Code);
        Assert.Equal(3, ProgramRun.Of([command, "--snapshot", Partial]).Code);
    }

    [Fact]
    public void Redacted_facts_name_nobody_and_plain_ones_do()
    {
        Assert.Contains("web1", ProgramRun.Of(["inspect", "--snapshot", Whole]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("web1", ProgramRun.Of(["inspect", "--redact", "--snapshot", Whole]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit --hash --snapshot WHOLE", "--hash needs the running machine")]
    [InlineData("inspect --raw --snapshot WHOLE", "--raw needs the running machine")]
    [InlineData("audit --role web-server --policy p --snapshot WHOLE", "--policy and --role exclude each other")]
    [InlineData("audit --role web-servr --snapshot WHOLE", "--role: no role is named 'web-servr'; did you mean web-server?")]
    [InlineData("roles web-servr", "roles: no role is named 'web-servr'; did you mean web-server?")]
    [InlineData("accept KEY --reason x --expires 31.12.2026", "--expires: '31.12.2026' is no date")]
    [InlineData("accept KEY --reason  --policy p", "--reason: is empty")]
    [InlineData("accept KEY --reason a\tb", "--reason: has a control character")]
    [InlineData("reach --ruleset - --snapshot -", "Only one of them can be standard input")]
    [InlineData("reach --ruleset /dev/null --snapshot WHOLE", "/dev/null: holds no rules")]
    [InlineData("reach --ruleset none.nft --snapshot WHOLE", "none.nft: can't be read: there is no such file")]
    [InlineData("accept KEY --reason x --owner a\nb", "--owner: has a control character")]
    public void Options_that_make_no_sense_are_refused_in_one_line(string arguments, string message)
    {
        ProgramRun.Result run = ProgramRun.In(_folder, [.. arguments.Split(' ').Select(one => one == "WHOLE" ? Whole : one == "KEY" ? Key : one)]);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("portcullis: " + message, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(letter => letter == '\n'));
        Assert.False(File.Exists(Policy));
    }

    [Fact]
    public void Policy_of_the_folder_is_found_and_another_one_is_used_where_it_is_named()
    {
        string other = Path.Combine(_folder, "other.yaml");
        File.WriteAllText(Policy, "roles: [web-server]\n");
        File.WriteAllText(other, "roles: [ssh-admin]\n");

        Assert.Contains("Judged by portcullis.yaml (web-server)", ProgramRun.In(_folder, "audit", "--snapshot", Whole).Output, StringComparison.Ordinal);
        Assert.Contains("other.yaml (ssh-admin)", ProgramRun.In(_folder, "audit", "--snapshot", Whole, "--policy", other).Output, StringComparison.Ordinal);
        Assert.Contains("Judged by --role (dns-resolver)", ProgramRun.In(_folder, "audit", "--snapshot", Whole, "--role", "dns-resolver", "--role", "dns-resolver").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_is_written_whole_once_and_ends_its_findings()
    {
        string[] accept = ["accept", Key, "--reason", "ours", "--owner", "web team", "--expires", "2099-12-31"];
        File.WriteAllText(Policy, "roles: [] # ours\n");

        ProgramRun.Result first = ProgramRun.In(_folder, accept);
        Assert.Equal((0, ""), (first.Code, first.Output));
        Assert.Equal($"portcullis: portcullis.yaml: {Key} is accepted until 2099-12-31.\n", first.Error);
        JsonElement audit = JsonDocument.Parse(ProgramRun.In(_folder, "audit", "--json", "--snapshot", Whole).Output).RootElement;
        Assert.DoesNotContain(audit.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("subject").GetString() == Key);

        string register = ProgramRun.In(_folder, "audit", "--format", "csv", "--snapshot", Whole).Output;
        Assert.Contains(",ours,web team,2099-12-31,", register, StringComparison.Ordinal);
        Assert.StartsWith("roles: [] # ours\n", File.ReadAllText(Policy), StringComparison.Ordinal);

        ProgramRun.Result again = ProgramRun.In(_folder, accept);
        Assert.Equal(2, again.Code);
        Assert.Contains("has an exception already (ours): change that one.", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "C.UTF-8", "→ ")]
    [InlineData("", "", "C", "> ")]
    [InlineData("", "en_US.utf8", "C", "→ ")]
    [InlineData("C", "", "C.UTF-8", "> ")]
    [InlineData("", "", "", "> ")]
    public void Arrow_is_drawn_where_the_locale_has_one(string all, string type, string language, string arrow) => Assert.Contains(
        "  " + arrow,
        ProgramRun.Of(["audit", "--snapshot", Whole], null, ("LC_ALL", all), ("LC_CTYPE", type), ("LANG", language)).Output,
        StringComparison.Ordinal);

    [Fact]
    public void Width_is_the_one_that_was_asked_for_unless_nobody_could_read_that()
    {
        Assert.InRange(Widest("60"), 40, 75);
        Assert.Equal(Widest(""), Widest("7"));
        Assert.Equal(Widest(""), Widest("wide"));
        Assert.True(Widest("") > 100);

        int Widest(string columns) => ProgramRun.Of(["audit", "--snapshot", Whole], null, ("COLUMNS", columns)).Output.Split('\n').Max(line => line.Length);
    }

    [Fact]
    public void Roles_are_listed_and_one_is_shown_as_it_is_written()
    {
        Assert.Contains("web-server", ProgramRun.Of(["roles"]).Output, StringComparison.Ordinal);
        Assert.Contains("https:", ProgramRun.Of(["roles", "web-server"]).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", ProgramRun.Of(["roles", "ssh-admin"]).Output, StringComparison.Ordinal);
    }
}
