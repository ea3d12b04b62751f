using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

public sealed class AllowListTests
{
    private const string Roles = "roles: [web-server, ssh-admin]\n";

    private static Scene Web => new Scene()
        .Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 443, "nginx", "nginx").Daemon("10.0.5.7", 22, "sshd", "openssh-server", "ssh.service", user: "root");

    [Fact]
    public void Machine_that_does_just_what_its_roles_need_has_no_finding()
    {
        Assessment judged = Facts.Judged(Web.Snapshot, Facts.Policy(Roles));

        Assert.Empty(Scene.Lines(judged));
        Assert.All(judged.Listeners, listener => Assert.True(listener.Expected));
        Assert.Equal(["web-server http", "ssh-admin ssh", "web-server https"], judged.Listeners.OrderBy(one => one.Port == 443).ThenByDescending(one => one.Port).Select(one => $"{one.Role} {one.RoleService}"));
        Assert.Equal(["web-server", "ssh-admin"], judged.Policy!.Roles);
    }

    [Theory]
    [InlineData("0.0.0.0", "PC2001", Severity.High, "tcp/any/ipv4/6379/redis-server.service")]
    [InlineData("203.0.113.7", "PC2001", Severity.High, "tcp/address/ipv4/6379/redis-server.service")]
    [InlineData("10.0.5.7", "PC2001", Severity.Medium, "tcp/private/ipv4/6379/redis-server.service")]
    [InlineData("127.0.0.1", "PC1001", Severity.Info, "tcp/loopback/ipv4/6379/redis-server.service")]
    public void What_no_role_allows_is_a_finding_and_weighs_by_scope(string address, string id, Severity severity, string subject)
    {
        Assessment judged = Facts.Judged(Web.Daemon(address, 6379, "redis-server", "redis-server", user: "redis").Snapshot, Facts.Policy(Roles));

        Finding finding = Assert.Single(judged.Findings);
        Assert.Equal((id, severity, subject), (finding.Id, finding.Severity, finding.Subject));
        Assert.False(judged.Listeners.Single(listener => listener.Key == subject).Expected);
        Assert.Contains(finding.Evidence, fact => fact.Contains("no role (web-server, ssh-admin)", StringComparison.Ordinal));
    }

    [Fact]
    public void Service_that_a_role_needs_and_nothing_gives_is_a_finding()
    {
        Assessment judged = Facts.Judged(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Snapshot, Facts.Policy("roles: [web-server]"));

        Assert.Equal(["PC1002 host/tcp/443"], Scene.Lines(judged));
    }

    [Fact]
    public void Service_on_loopback_alone_serves_nobody_else()
    {
        Assessment judged = Facts.Judged(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("127.0.0.1", 443, "nginx", "nginx").Snapshot, Facts.Policy("roles: [web-server]"));

        Finding finding = Assert.Single(judged.Findings);
        Assert.Equal("PC1002", finding.Id);
        Assert.Contains("127.0.0.1", finding.Evidence[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: 6379/tcp", "2026-11-21", "")]
    [InlineData("port: 6379/tcp", "2026-11-20", "PC2001 tcp/any/ipv4/6379/redis-server.service|PC1003 exception:port 6379/tcp:3")]
    [InlineData("service: redis", "2027-01-01", "")]
    [InlineData("key: tcp/any/ipv4/6379/redis-server.service", "2027-01-01", "")]
    [InlineData("key: tcp/any/ipv4/6379/other.service", "2027-01-01", "PC2001 tcp/any/ipv4/6379/redis-server.service|PC1005 exception:key tcp/any/ipv4/6379/other.service:3")]
    [InlineData("port: 6380/tcp", "2027-01-01", "PC2001 tcp/any/ipv4/6379/redis-server.service|PC1005 exception:port 6380/tcp:3")]
    public void Exception_holds_to_its_last_day_and_for_what_it_names(string what, string expires, string findings)
    {
        Snapshot snapshot = Web.Daemon("0.0.0.0", 6379, "redis-server", "redis-server", user: "redis").Snapshot;
        Assessment judged = Facts.Judged(snapshot, Facts.Policy($"{Roles}allow:\n  - {what}\n    reason: nightly export\n    owner: data-team\n    expires: {expires}\n"));

        Assert.Equal(findings, string.Join('|', Scene.Lines(judged)));
        Assert.Equal(!findings.Contains("PC2001", StringComparison.Ordinal), judged.Listeners.Single(listener => listener.Port == 6379).Expected);
    }

    [Fact]
    public void Allowed_service_that_is_heard_wider_than_its_zone_is_told_and_worse_where_no_firewall_stands_before_it()
    {
        Scene open = new Scene().Daemon("0.0.0.0", 22, "sshd", "openssh-server", "ssh.service", user: "root");
        Scene inside = new Scene().Daemon("10.0.5.7", 22, "sshd", "openssh-server", "ssh.service", user: "root");

        Finding finding = Assert.Single(Facts.Judged(open.Snapshot, Facts.Policy("roles: [ssh-admin]")).Findings);
        Assert.Equal(("PC1004", Severity.Medium), (finding.Id, finding.Severity));
        Assert.Contains("from private only", finding.Title, StringComparison.Ordinal);
        Snapshot unread = open.Snapshot with { Namespaces = [Facts.Network(Facts.Host, NetworkNamespace.HostName) with { Rules = null }] };
        Assert.Equal(("PC1004", Severity.Info), Facts.Judged(unread, Facts.Policy("roles: [ssh-admin]")).Findings.Select(one => (one.Id, one.Severity)).Single());
        Assert.Empty(Facts.Judged(inside.Snapshot, Facts.Policy("roles: [ssh-admin]")).Findings);
        Assert.Contains("from admin only", Assert.Single(Facts.Judged(open.Snapshot, Facts.Policy("zones: { admin: [10.0.5.0/24] }\nroles: [ssh-admin]")).Findings).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Role_gives_its_port_to_its_own_programs_only()
    {
        Scene strange = new Scene().Loose("0.0.0.0", 22, "/opt/bin/tunnel");
        Assessment judged = Facts.Judged(strange.Snapshot, Facts.Policy("roles: [ssh-admin]"));

        Assert.Contains("PC3007 tcp/any/ipv4/22/%2Fopt%2Fbin%2Ftunnel", Scene.Lines(judged));
        Assert.Contains("PC1002 host/tcp/22", Scene.Lines(judged));
        Assert.False(judged.Listeners[0].Expected);
    }

    [Fact]
    public void Own_role_wins_over_the_catalogues_and_may_include_others()
    {
        const string own = "roles: [web-server]\ndefine:\n  web-server:\n    include: [ssh-admin]\n    services:\n      api: { from: internet, ports: [8443/tcp] }\n";
        Scene api = new Scene().Daemon("0.0.0.0", 8443, "api", "api").Daemon("10.0.0.1", 22, "sshd", "openssh-server", "ssh.service", user: "root");

        Assert.Empty(Facts.Judged(api.Snapshot, Facts.Policy(own)).Findings);
        Assert.Contains("PC1001 tcp/any/ipv4/80/nginx.service", Scene.Lines(Facts.Judged(api.Daemon("0.0.0.0", 80, "nginx", "nginx").Snapshot, Facts.Policy(own))));
    }

    [Fact]
    public void What_looks_like_an_intruder_stays_visible_even_where_it_is_accepted()
    {
        Snapshot snapshot = new Scene().Loose("0.0.0.0", 4444, "/memfd:x", ExecutableOrigin.Memory).Snapshot;
        string key = Facts.Judged(snapshot).Listeners[0].Key;
        Assessment judged = Facts.Judged(snapshot, Facts.Policy($"roles: []\nallow:\n  - key: {key}\n    reason: a test of ours\n"));

        Finding finding = Assert.Single(judged.Findings);
        Assert.Equal(("PC3002", Severity.Info), (finding.Id, finding.Severity));
        Assert.Contains("accepted: a test of ours", finding.Evidence);
    }

    [Fact]
    public void Judging_is_a_function_of_the_facts_alone()
    {
        Snapshot snapshot = Web.Daemon("0.0.0.0", 6379, "redis-server", "redis-server").Loose("::", 4444, "/tmp/x", ExecutableOrigin.Temporary).Snapshot;

        Assert.Equal(Facts.Judged(snapshot, Facts.Policy(Roles)).Findings.Select(one => one.ToString()), Facts.Judged(snapshot, Facts.Policy(Roles)).Findings.Select(one => one.ToString()));
        Assert.Equal([.. Facts.Judged(snapshot).Findings.Select(one => one.Severity).OrderDescending()], Facts.Judged(snapshot).Findings.Select(one => one.Severity));
    }
}
