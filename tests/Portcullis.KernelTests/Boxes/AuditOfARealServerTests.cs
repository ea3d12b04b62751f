using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// The audit of two real servers against two independent sources: a list checked by hand (expected-*.tsv), and what the
/// tools of the server say (tests/lab/oracle.py), which also know PIDs and versions.
/// </summary>
public sealed partial class AuditOfARealServerTests(AuditedBoxes boxes) : IClassFixture<AuditedBoxes>
{
    [Theory]
    [InlineData(Suite.Bookworm, 47)]
    [InlineData(Suite.Trixie, 48)]
    public void List_has_the_sockets_of_the_daemons_beside_those_of_the_oddities(Suite suite, int ofDaemons)
    {
        // What was added to an ordinary server: the ports 7001 to 7778, 8001, 8002, 8080, 4789, containerd's and the container's own.
        Assert.Equal(ofDaemons, AuditedBoxes.Expected(suite).Count(row => !Oddity().IsMatch(row)));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Tools_inside_agree_with_the_list(Suite suite) =>
        AssertSame(AuditedBoxes.Expected(suite), (await boxes.Oracle(suite)).Select(listener => listener.ExpectedRow));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Audit_agrees_with_the_list(Suite suite) =>
        AssertSame(AuditedBoxes.Expected(suite), (await Audit(suite)).Listeners.Select(listener => listener.ExpectedRow));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Every_socket_is_listed_and_nothing_else(Suite suite) =>
        await AssertLikeTools(suite, listener => [listener.Place]);

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Every_listener_has_all_the_processes_that_hold_it(Suite suite) =>
        await AssertLikeTools(suite, listener => listener.Processes.Select(process =>
            $"{listener.Place}: {process.Pid} {process.Name} {process.Exe} {process.User}"));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Every_executable_is_known_as_packaged_unpackaged_deleted_temporary_or_memory(Suite suite) =>
        await AssertLikeTools(suite, listener => listener.Processes.Select(process =>
            // What the file in a container belongs to, the host's package database can't say.
            $"{listener.Place}: {process.Pid} {process.Origin} deleted={process.Origin == "deleted" && process.Deleted == true} packaged="
            + (listener.Namespace == "web" ? "-" : process.Packaged)));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Every_listener_has_its_unit_with_state_and_preset(Suite suite) =>
        await AssertLikeTools(suite, listener => listener.Namespace == "web"
            ? []
            : [$"{listener.Place}: {listener.Unit?.Name} by {listener.Unit?.ActivatedBy}, {listener.Unit?.Enabled}, preset {listener.Unit?.Preset}"]);

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Every_listener_has_its_package_with_version(Suite suite) =>
        await AssertLikeTools(suite, listener => [$"{listener.Place}: {listener.Package?.Name} {listener.Package?.Version} {listener.Package?.Manager}"]);

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Services_of_inetd_are_named_with_their_programs(Suite suite) =>
        await AssertLikeTools(suite, listener =>
            [$"{listener.Place}: {listener.SuperServer?.Server} {listener.SuperServer?.Service} {listener.SuperServer?.Program}"]);

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Published_port_and_listener_inside_belong_to_the_container(Suite suite) =>
        await AssertLikeTools(suite, listener =>
            // Twelve hex digits are what docker itself prints.
            [$"{listener.Place}: {listener.Container?.Engine} {listener.Container?.Id[..12]} {listener.Container?.Name} {listener.Container?.Published}"]);

    [Theory]
    [InlineData(Suite.Bookworm, "host", 8001, "tcp/any/ipv4/8001/notes.service")]
    [InlineData(Suite.Trixie, "host", 8001, "tcp/any/ipv4/8001/notes.service")]
    [InlineData(Suite.Bookworm, "dark", 7777, "dark:tcp/any/ipv4/7777/dark.service")]
    [InlineData(Suite.Trixie, "dark", 7777, "dark:tcp/any/ipv4/7777/dark.service")]
    [InlineData(Suite.Bookworm, "sealed.service", 7778, "sealed.service:tcp/any/ipv4/7778/sealed.service")]
    [InlineData(Suite.Trixie, "sealed.service", 7778, "sealed.service:tcp/any/ipv4/7778/sealed.service")]
    [InlineData(Suite.Bookworm, "web", 80, "web:tcp/any/dual/80/web")]
    [InlineData(Suite.Trixie, "web", 80, "web:tcp/any/dual/80/web")]
    [InlineData(Suite.Bookworm, "host", 4789, "udp/any/ipv4/4789/kernel")]
    [InlineData(Suite.Trixie, "host", 4789, "udp/any/ipv4/4789/kernel")]
    public async Task Key_is_the_contracts(Suite suite, string @namespace, int port, string key)
    {
        ReportedListener listener = Assert.Single((await Audit(suite)).Listeners, one => one.Namespace == @namespace && one.Port == port);
        Assert.Equal(key, listener.Key);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Audit_by_root_is_complete(Suite suite)
    {
        ReportedAudit audit = await Audit(suite);
        Assert.Empty(audit.Gaps);
        Assert.True(audit.Complete);
        Assert.Equal(0, (await boxes.Audit(suite)).ExitCode);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Audit_without_root_lists_every_socket_of_the_host_and_says_what_it_could_not_see(Suite suite)
    {
        IEnumerable<string> places = (await boxes.Oracle(suite)).Where(one => one.Namespace == "host").Select(one => one.Place);
        CommandResult printed = await boxes.Run(suite, "runuser", "-u", "alice", "--", Box.Portcullis, "audit", "--json", "--fail-on", "none");
        ReportedAudit audit = ReportedAudit.Parse(printed);
        AssertSame(places, audit.Listeners.Where(one => one.Namespace == "host").Select(one => one.Place));
        Assert.NotEmpty(audit.Gaps);
        Assert.False(audit.Complete);
        Assert.Equal(3, printed.ExitCode);
        // Her own listener she does see whole.
        Assert.Equal("python3", Assert.Single(Assert.Single(audit.Listeners, one => one.Port == 8001).Processes).Name);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Two_audits_of_the_same_facts_are_the_same_bytes_even_with_lying_tools_ahead_in_the_path(Suite suite)
    {
        const string LyingPath = "PATH=/opt/lab/fakes:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        Assert.Contains("nothing", (await boxes.Run(suite, "env", LyingPath, "ss", "-tulpnH")).MustSucceed(), StringComparison.Ordinal);
        CommandResult first = await boxes.Audit(suite);
        ReportedAudit.Parse(first);
        CommandResult second = await boxes.Run(suite, "env", LyingPath, Box.Portcullis, "audit", "--json", "--fail-on", "none");
        Assert.Equal(TakenAt().Replace(first.Output, ""), TakenAt().Replace(second.Output, ""));
    }

    private async Task<ReportedAudit> Audit(Suite suite) => ReportedAudit.Parse(await boxes.Audit(suite));

    private async Task AssertLikeTools(Suite suite, Func<ReportedListener, IEnumerable<string>> aspect)
    {
        ImmutableArray<ReportedListener> oracle = await boxes.Oracle(suite);
        AssertSame(oracle.SelectMany(aspect), (await Audit(suite)).Listeners.SelectMany(aspect));
    }

    // Says which rows are missing and which are too many: the whole of both lists would hide it.
    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        List<string> extra = [.. actual.Order(StringComparer.Ordinal)];
        List<string> missing = [.. expected.Order(StringComparer.Ordinal).Where(row => !extra.Remove(row))];
        Assert.True(missing.Count == 0 && extra.Count == 0,
            $"missing:\n  {string.Join("\n  ", missing)}\nnot expected:\n  {string.Join("\n  ", extra)}");
    }

    [GeneratedRegex(@"\t(7\d{3}|8001|8002|8080|4789)\t|\tcontainerd\t|^web\t", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Oddity();

    [GeneratedRegex("\"takenAt\": *\"[^\"]*\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TakenAt();
}
