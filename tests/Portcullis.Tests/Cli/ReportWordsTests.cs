using System;
using System.Linq;
using Portcullis.Cli.Report;
using Portcullis.Cli.Report.Html;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Judging;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Words of the reports that the golden files do not reach.</summary>
public sealed class ReportWordsTests
{
    private static readonly Terminal s_piped = new(Width: null, Color: false, Unicode: true);

    [Fact]
    public void Brief_names_six_ports_and_counts_the_rest()
    {
        Scene seven = Enumerable.Range(8001, 7).Aggregate(new Scene(), (scene, port) => scene.Daemon("0.0.0.0", port, "app", "app", user: "root"));

        Assert.Contains("Heard beyond this host: 8001/tcp app, 8002/tcp app, 8003/tcp app, 8004/tcp app, 8005/tcp app, 8006/tcp app and 1 more.", Brief.Render(Facts.Judged(seven.Snapshot), s_piped), StringComparison.Ordinal);
        Assert.DoesNotContain("more", Brief.Render(Facts.Judged(seven.Snapshot with { Sockets = [.. seven.Snapshot.Sockets.Skip(1)] }), s_piped), StringComparison.Ordinal);
    }

    [Fact]
    public void Brief_asks_for_root_where_that_helps_and_never_calls_the_unseen_nothing()
    {
        Assessment whole = Facts.Judged(Facts.Snapshot());
        Assessment unprivileged = whole with { Gaps = [new Gap("owner of 3 sockets", "not root", "run with sudo")] };

        Assert.EndsWith("Next: portcullis audit\n", Brief.Render(whole, s_piped), StringComparison.Ordinal);
        Assert.EndsWith("Next: sudo portcullis audit\n", Brief.Render(unprivileged, s_piped), StringComparison.Ordinal);
        Assert.Contains("Worst: nothing.\n", Brief.Render(whole, s_piped), StringComparison.Ordinal);
        Assert.Contains("Worst: nothing among what was seen.\n", Brief.Render(unprivileged, s_piped), StringComparison.Ordinal);
    }

    [Fact]
    public void Listeners_elsewhere_are_counted_apart_and_named_by_their_namespace()
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", 8001, "app", "app").Daemon("127.0.0.1", 8002, "app", "app").Daemon("127.0.0.1", 8003, "app", "app").Snapshot;
        snapshot = snapshot with
        {
            Namespaces = [.. snapshot.Namespaces, Facts.Network(77, "dark")],
            Sockets = [.. snapshot.Sockets.Select(socket => socket.Port == 8003 ? socket with { Namespace = 77 } : socket)],
        };
        Assessment judged = Facts.Judged(snapshot);

        Assert.Equal("3 listeners: 1 heard beyond this host, 1 on loopback only, 1 in other network namespaces.", Headline.Counts(judged));
        Assert.Contains("On loopback only (2): 8002/tcp app (daemon), 8003/tcp app (daemon) in dark\n", new AuditTable(judged, s_piped, verbose: false).Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Roles_to_try_are_four_at_most()
    {
        Assessment five = Facts.Judged(Facts.Snapshot()) with { LikelyRoles = ["a", "b", "c", "d", "e"] };

        Assert.EndsWith("portcullis audit --role a --role b --role c --role d", PolicyLine.Next(five), StringComparison.Ordinal);
        Assert.Equal("Say what it is for: portcullis suggest > portcullis.yaml", PolicyLine.Next(five with { LikelyRoles = [] }));
        Assert.Equal("", PolicyLine.Next(five with { Policy = new PolicyFacts("p", []) }));
    }

    [Fact]
    public void Manager_that_holds_a_socket_for_its_service_is_not_named_beside_it()
    {
        Listener both = Listener() with { Processes = [Facts.Manager, Facts.Process(10, "/usr/sbin/cupsd")] };

        Assert.Equal("cupsd", Row(both).HeldBy);
        Assert.Equal("systemd", Row(both with { Processes = [Facts.Manager] }).HeldBy);
    }

    [Theory]
    [InlineData("root", "app")]
    [InlineData("0", "app")]
    [InlineData(null, "app")]
    [InlineData("alice", "app (alice)")]
    public void User_is_named_where_it_is_not_root(string? user, string shown) =>
        Assert.Equal(shown, Row(Listener() with { Processes = [Facts.Process(10, "/usr/bin/app") with { User = user }] }).HeldBy);

    [Fact]
    public void Unit_that_is_only_a_containers_id_is_not_shown()
    {
        UnitFacts scope = Facts.Unit("docker-3f2a.scope") with { Transient = true };
        ContainerFacts web = new() { Engine = "docker", Id = "3f2a", Name = "web" };

        Assert.Equal("", Row(Listener() with { Unit = scope, Container = web }).Unit);
        Assert.Equal("docker-3f2a.scope", Row(Listener() with { Unit = scope }).Unit);
        Assert.Equal("app.service", Row(Listener() with { Unit = Facts.Unit("app.service"), Container = web }).Unit);
    }

    [Theory]
    [InlineData(ExecutableOrigin.File, "not from a package")]
    [InlineData(ExecutableOrigin.Memory, "runs from memory")]
    [InlineData(ExecutableOrigin.Temporary, "runs from a temp directory|not from a package")]
    [InlineData(ExecutableOrigin.Kernel, "")]
    public void Origin_of_the_code_is_remarked_once(ExecutableOrigin origin, string remarks)
    {
        Listener listener = Listener() with { Processes = [Facts.Process(10, "/x") with { Origin = origin, Packaged = false }] };

        Assert.Equal(remarks, string.Join('|', Remarks.On(listener).Select(remark => remark.Text).Where(text => text != "clear text")));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", true)]
    public void Clear_text_matters_beyond_loopback(string address, bool told) =>
        Assert.Equal(told, Remarks.On(Facts.Listeners(Facts.Snapshot(Facts.Tcp(address, 23)))[0]).Any(remark => remark.Text == "clear text"));

    [Fact]
    public void Container_without_a_name_is_told_by_the_beginning_of_its_id()
    {
        ContainerFacts one = new() { Engine = "docker", Id = "0123456789abcdef" };

        Assert.Contains("in docker 0123456789ab", Remarks.On(Listener() with { Container = one }).Select(remark => remark.Text));
        Assert.Contains("in docker 01", Remarks.On(Listener() with { Container = one with { Id = "01" } }).Select(remark => remark.Text));
        Assert.Contains("in docker web", Remarks.On(Listener() with { Container = one with { Name = "web" } }).Select(remark => remark.Text));
    }

    [Fact]
    public void Port_that_nothing_was_seen_to_hold_is_free_only_where_all_sockets_were_seen()
    {
        Assert.Contains("nothing holds it", Explained(Facts.Snapshot()), StringComparison.Ordinal);
        Assert.Contains("nothing that was seen; not all could be", Explained(Facts.Snapshot() with { Gaps = [new Gap("tcp sockets", "refused", null)] }), StringComparison.Ordinal);
        Assert.Contains("nothing holds it", Explained(Facts.Snapshot() with { Gaps = [new Gap("packages", "refused", null)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_that_closes_a_port_stands_there_once()
    {
        string text = Explained(new Scene().Daemon("0.0.0.0", 5432, "app", "app").Daemon("127.0.0.1", 5432, "app", "app").Snapshot);

        Assert.Equal(2, text.Split("sudo systemctl disable --now app.service").Length);
    }

    [Fact]
    public void Port_of_the_page_is_as_bad_as_its_worst_finding_and_hollow_only_where_nobody_else_hears_it()
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", 8001, "app", "app").Daemon("127.0.0.1", 8001, "app", "app").Daemon("127.0.0.1", 8002, "app", "app").Snapshot;
        Assessment judged = Facts.Judged(snapshot);
        string key = judged.Listeners.Single(listener => listener is { Port: 8001, Scope: Scope.Any }).Key;
        Finding high = new() { Id = "PC1001", Severity = Severity.High, Title = "t", Subject = key, Remedy = "r" };
        judged = judged with { Findings = [high, high with { Severity = Severity.Info }, high with { Id = "PC1002", Severity = Severity.Medium }] };

        Assert.Equal(["8001 High False", "8002 Unjudged True"], OpenPort.Of(judged, Protocol.Tcp).Select(port => FormattableString.Invariant($"{port.Number} {port.Verdict} {port.IsLoopback}")));
        string page = HtmlReport.Render(judged);
        Assert.Equal(2, page.Split(" <a href=\"#f").Length - 1);
        Assert.Contains("user, 1024 to 49151", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Severity.Critical, "bad")]
    [InlineData(Severity.High, "bad")]
    [InlineData(Severity.Medium, "warn")]
    [InlineData(Severity.Low, "mild")]
    public void Tone_of_the_page_is_that_of_the_worst(Severity severity, string tone)
    {
        Finding finding = new() { Id = "PC1001", Severity = severity, Title = "t", Subject = "s", Remedy = "r" };

        Assert.Contains($"verdict tone-{tone}\"", HtmlReport.Render(Facts.Judged(Facts.Snapshot()) with { Findings = [finding, finding with { Severity = Severity.Info }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_of_the_log_has_the_level_of_its_worst_result_and_the_run_says_whether_all_was_seen()
    {
        Finding finding = new() { Id = "PC1001", Severity = Severity.Low, Title = "t", Subject = "s", Remedy = "r" };
        Assessment judged = Facts.Judged(Facts.Snapshot()) with { Findings = [finding, finding with { Severity = Severity.High, Subject = "u" }] };

        Assert.Equal("error", Run(judged).GetProperty("tool").GetProperty("driver").GetProperty("rules")[0].GetProperty("defaultConfiguration").GetProperty("level").GetString());
        Assert.True(Run(judged).GetProperty("properties").GetProperty("complete").GetBoolean());
        Assert.False(Run(judged with { Gaps = [new Gap("a", "b", null)] }).GetProperty("properties").GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void Register_has_the_interface_and_the_file_that_opens_the_port()
    {
        Listener listener = Listener() with
        {
            Interface = "eth7",
            Unit = Facts.Unit("inetd.service"),
            SuperServer = new SuperServerEntry { Server = "inetd", Service = "echo", Protocol = Protocol.Tcp, Port = 7, Program = null, User = null, Source = "/etc/inetd.conf:4" },
        };
        string text = AuditCsv.Render(Facts.Judged(Facts.Snapshot()) with { Listeners = [listener, listener with { SuperServer = null, Key = "other" }] });

        Assert.Contains(",eth7,", text, StringComparison.Ordinal);
        Assert.Contains("/etc/inetd.conf:4", text.Split("\r\n")[1], StringComparison.Ordinal);
        Assert.Contains("/usr/lib/systemd/system/inetd.service", text.Split("\r\n")[2], StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement Run(Assessment assessment) => System.Text.Json.JsonDocument.Parse(AuditSarif.Write(assessment, "0.0.1")).RootElement.GetProperty("runs")[0];

    private static string Explained(Snapshot snapshot) => ExplainText.Render([Explain.Of(new PortQuestion(5432, Protocol.Tcp), Facts.Judged(snapshot))], s_piped);

    private static Listener Listener() => Facts.Listeners(Facts.Snapshot(Facts.Tcp("0.0.0.0", 8000)))[0] with { Holder = new Holder(HolderKind.Unit, "app.service") };

    private static ListenerRow Row(Listener listener) => ListenerRow.Of([listener], each: true)[0];
}
