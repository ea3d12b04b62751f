using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>For every check without a policy, a state that raises it and a near one that does not.</summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData("PC2001", Severity.High, "0.0.0.0", 6379, "redis-server", "redis-server")]
    [InlineData(null, null, "127.0.0.1", 6379, "redis-server", "redis-server")]
    [InlineData("PC2001", Severity.Medium, "10.1.2.3", 6379, "redis-server", "redis-server")]
    [InlineData("PC2001", Severity.High, "0.0.0.0", 7000, "redis-server", "redis-server")]
    [InlineData(null, null, "0.0.0.0", 6379, "caddy", "caddy")]
    [InlineData(null, null, "0.0.0.0", 443, "nginx", "nginx")]
    [InlineData(null, null, "0.0.0.0", 22, "sshd", "openssh-server")]
    public void Behaviour_counts_and_not_the_number(string? id, Severity? severity, string address, int port, string program, string package)
    {
        Finding? finding = Facts.Judged(new Scene().Daemon(address, port, program, package).Snapshot).Findings.SingleOrDefault();

        Assert.Equal((id, severity), (finding?.Id, finding?.Severity));
    }

    [Theory]
    [InlineData("PC2003", "0.0.0.0")]
    [InlineData(null, "127.0.0.1")]
    public void Login_in_clear_text_is_told_beyond_loopback(string? id, string address) =>
        Assert.Equal(id, Ids(new Scene().Daemon(address, 23, "telnetd", "telnetd", "inetd.service")).FirstOrDefault());

    [Theory]
    [InlineData("PC2004", "0.0.0.0", "chargen", 19)]
    [InlineData(null, "127.0.0.1", "chargen", 19)]
    public void Amplifier_is_told_where_strangers_can_use_it(string? id, string address, string program, int port) =>
        Assert.Equal(id, Ids(new Scene().Daemon(address, port, program, "openbsd-inetd", "openbsd-inetd.service", Protocol.Udp)).FirstOrDefault());

    [Theory]
    [InlineData("PC2004", "0.0.0.0", "dnsmasq")]
    [InlineData("PC2004", "::", "unbound")]
    [InlineData(null, "10.1.2.3", "dnsmasq")]
    [InlineData(null, "127.0.0.1", "dnsmasq")]
    [InlineData(null, "0.0.0.0", "nsd")]
    public void Resolver_on_every_interface_is_an_amplifier_and_a_server_of_zones_is_none(string? id, string address, string program) =>
        Assert.Equal(id, Ids(new Scene().Daemon(address, 53, program, program, protocol: Protocol.Udp)).FirstOrDefault());

    [Theory]
    [InlineData("/usr/bin/redis-check-rdb", "redis-server", "redis-server.service", true, "redis-server listens")]
    [InlineData("/usr/bin/redis-check-rdb", "redis-server", "cache.service", true, "redis-check-rdb listens")]
    [InlineData("/usr/bin/redis-check-rdb", "redis-server", "redis-server.service", false, "redis-check-rdb listens")]
    public void Program_that_is_a_link_has_the_name_that_its_unit_bears_too(string executable, string name, string unit, bool packaged, string title)
    {
        Scene scene = new();
        int pid = scene.NextPid;
        Snapshot snapshot = scene.Add(Facts.Tcp("127.0.0.1", 6379), Facts.Process(pid, executable, unit, Facts.Package("redis-tools")) with { Name = name, Packaged = packaged, Uid = 990 }).Snapshot;
        Finding finding = Facts.Judged(snapshot with { Units = [Facts.Unit(unit)] }, Facts.Policy("roles: []")).Findings.First(one => one.Id == "PC1001");

        Assert.StartsWith(title, finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutableOrigin.File, true)]
    [InlineData(ExecutableOrigin.Deleted, false)]
    [InlineData(ExecutableOrigin.Memory, false)]
    [InlineData(ExecutableOrigin.Temporary, false)]
    public void Nobody_is_told_to_give_an_account_to_what_may_be_an_intruder(ExecutableOrigin origin, bool told) =>
        Assert.Equal(told, Ids(new Scene().Loose("0.0.0.0", 4444, "/x/y", origin, uid: 0)).Contains("PC3009"));

    [Theory]
    [InlineData(Severity.Info, 40000, "avahi-daemon.service", "avahi-daemon")]
    [InlineData(Severity.Medium, 30000, "avahi-daemon.service", "avahi-daemon")]
    [InlineData(Severity.Medium, 40000, "app.service", "app")]
    public void Port_of_the_moment_beside_a_known_one_is_no_trouble(Severity severity, int port, string unit, string program)
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", port, program, program, unit, Protocol.Udp).Snapshot;
        NetworkNamespace[] told = [.. snapshot.Namespaces.Select(one => one with { Stack = [new StackSetting("net.ipv4.ip_local_port_range", "32768 60999", null)] })];

        Assert.Equal(severity, Facts.Judged(snapshot with { Namespaces = [.. told] }, Facts.Policy("roles: []")).Findings.Single(one => one.Id == "PC1001").Severity);
        Assert.Equal(Severity.Medium, Facts.Judged(snapshot, Facts.Policy("roles: []")).Findings.Single(one => one.Id == "PC1001").Severity);
    }

    [Theory]
    [InlineData("PC3001", ExecutableOrigin.Deleted, "0.0.0.0", Severity.High)]
    [InlineData("PC3001", ExecutableOrigin.Deleted, "127.0.0.1", Severity.Medium)]
    [InlineData("PC3002", ExecutableOrigin.Memory, "0.0.0.0", Severity.Critical)]
    [InlineData("PC3003", ExecutableOrigin.Temporary, "0.0.0.0", Severity.High)]
    [InlineData("PC3004", ExecutableOrigin.File, "0.0.0.0", Severity.Medium)]
    public void Suspect_executable_is_told_by_where_its_code_is_from(string id, ExecutableOrigin origin, string address, Severity severity)
    {
        Finding finding = Facts.Judged(new Scene().Loose(address, 4444, "/x/y", origin).Snapshot).Findings.Single(one => one.Id.StartsWith("PC300", StringComparison.Ordinal));

        Assert.Equal((id, severity), (finding.Id, finding.Severity));
        Assert.Equal($"tcp/{(address[0] == '0' ? "any" : "loopback")}/ipv4/4444/%2Fx%2Fy", finding.Subject);
    }

    [Fact]
    public void Daemon_whose_file_an_update_replaced_only_wants_a_restart()
    {
        Scene scene = new();
        int pid = scene.NextPid;
        scene.Daemon("0.0.0.0", 443, "nginx", "nginx")
            .Add(Facts.Tcp("0.0.0.0", 80), Facts.Process(pid, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx")) with { Origin = ExecutableOrigin.Deleted, Uid = 33 });

        Finding finding = Assert.Single(Facts.Judged(scene.Snapshot).Findings);
        Assert.Equal(("PC3006", Severity.Low), (finding.Id, finding.Severity));
        Assert.Contains("systemctl restart nginx.service", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[kworker/0:1]", "sh", true)]
    [InlineData("/usr/bin/app", "kworker/0:1", true)]
    [InlineData("/usr/bin/app", "app", false)]
    [InlineData("[app", "app", false)]
    public void Process_that_calls_itself_a_kernel_thread_is_disguised(string title, string name, bool disguised)
    {
        Scene scene = new();
        ProcessFacts process = Facts.Process(scene.NextPid, "/usr/bin/app") with { CommandLine = [title], Name = name, Uid = 1000 };

        Assert.Equal(disguised, Ids(scene.Add(Facts.Tcp("0.0.0.0", 5555), process)).Contains("PC3005"));
    }

    [Fact]
    public void Kernel_thread_itself_is_no_disguise()
    {
        Scene scene = new();
        ProcessFacts thread = Facts.Process(scene.NextPid, "/") with { Executable = null, Origin = ExecutableOrigin.Kernel, CommandLine = [], Name = "kworker/0:1", Packaged = null };

        Assert.DoesNotContain("PC3005", Ids(scene.Add(Facts.Tcp("0.0.0.0", 5555), thread)));
    }

    [Theory]
    [InlineData("/usr/bin/python3.11", 443, true)]
    [InlineData("/usr/bin/python3.11", 8000, false)]
    [InlineData("/usr/bin/nc.openbsd", 25, true)]
    [InlineData("/usr/sbin/nginx", 443, false)]
    public void Interpreter_or_pipe_behind_a_services_port_is_out_of_place(string path, int port, bool outOfPlace)
    {
        Scene scene = new();
        ProcessFacts process = Facts.Process(scene.NextPid, path, package: Facts.Package("some")) with { Uid = 1000 };

        Assert.Equal(outOfPlace, Ids(scene.Add(Facts.Tcp("0.0.0.0", port), process)).Contains("PC3007"));
    }

    [Fact]
    public void Packaged_script_belongs_where_its_package_puts_it()
    {
        Scene scene = new();
        ProcessFacts mailman = Facts.Process(scene.NextPid, "/usr/bin/python3.11", "app.service", Facts.Package("python3.11-minimal")) with { Uid = 38, Script = "/usr/bin/app", ScriptPackage = Facts.Package("app") };

        Assert.DoesNotContain("PC3007", Ids(scene.Add(Facts.Tcp("0.0.0.0", 443), mailman)));
    }

    [Theory]
    [InlineData("session", true)]
    [InlineData("ssh.service", false)]
    public void Daemon_outside_its_unit_is_told(string where, bool told)
    {
        Scene scene = new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx");
        ProcessFacts daemon = Facts.Process(scene.NextPid, "/usr/sbin/sshd", where == "session" ? null : where, Facts.Package("openssh-server"));
        Snapshot snapshot = scene.Add(Facts.Tcp("0.0.0.0", 2222), daemon).Snapshot;

        Assert.Equal(told, Facts.Judged(snapshot with { Units = [.. snapshot.Units, Facts.Unit("ssh.service")] }).Findings.Any(one => one.Id == "PC3008"));
    }

    [Theory]
    [InlineData(0u, "0.0.0.0", true)]
    [InlineData(0u, "127.0.0.1", false)]
    [InlineData(1000u, "0.0.0.0", false)]
    public void Own_program_that_listens_as_root_on_a_high_port_has_more_rights_than_it_needs(uint uid, string address, bool told) =>
        Assert.Equal(told, Ids(new Scene().Loose(address, 8080, "/opt/app/app", uid: uid)).Contains("PC3009"));

    [Theory]
    [InlineData(0u, true)]
    [InlineData(110u, false)]
    public void Daemon_that_has_an_account_of_its_own_should_use_it(uint uid, bool told)
    {
        Scene scene = new Scene().Daemon("0.0.0.0", 6379, "redis-server", "redis-server", user: uid == 0 ? "root" : "redis");

        Assert.Equal(told, Ids(scene).Contains("PC3009"));
    }

    [Theory]
    [InlineData("dark", "0.0.0.0", true)]
    [InlineData("dark", "127.0.0.1", false)]
    [InlineData("host", "0.0.0.0", false)]
    public void Listener_in_a_namespace_that_nobody_owns_is_told(string network, string address, bool told)
    {
        Snapshot snapshot = new Scene().Loose(address, 7777, "/usr/bin/listener").Snapshot;
        snapshot = snapshot with
        {
            Namespaces = [.. snapshot.Namespaces, Facts.Network(77, "dark")],
            Sockets = [.. snapshot.Sockets.Select(socket => network == "dark" ? socket with { Namespace = 77 } : socket)],
        };
        Assessment judged = Facts.Judged(snapshot);

        Assert.Equal(told, judged.Findings.Any(finding => finding.Id == "PC3010" && finding.Subject == $"dark:tcp/any/ipv4/7777/%2Fusr%2Fbin%2Flistener"));
    }

    [Theory]
    [InlineData(3, 12, false, "PC3011", Severity.High)]
    [InlineData(3, 0, true, "PC3011", Severity.Low)]
    [InlineData(0, 0, true, "PC3011", Severity.Info)]
    public void Packet_socket_hears_without_a_port(int etherType, int filter, bool packaged, string id, Severity severity)
    {
        Scene scene = new();
        ProcessFacts process = Facts.Process(scene.NextPid, "/usr/bin/tcpdump", package: packaged ? Facts.Package("tcpdump") : null);
        SocketFacts socket = Facts.Socket(Protocol.Packet, null, 0) with { LinkProtocol = etherType, FilterLength = filter };
        Finding finding = Facts.Judged(scene.Add(socket, process).Snapshot).Findings.Single(one => one.Id == id);

        Assert.Equal(severity, finding.Severity);
    }

    [Theory]
    [InlineData("127.0.0.1", "::", true)]
    [InlineData("10.0.0.1", "2001:db8::1", true)]
    [InlineData("127.0.0.1", "::1", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void Service_kept_inside_on_IPv4_and_open_on_IPv6_is_told(string v4, string v6, bool told)
    {
        Scene scene = new Scene().Daemon(v4, 8500, "app", "app").Daemon(v6, 8500, "app", "app");

        Assert.Equal(told, Ids(scene).Contains("PC2007"));
    }

    [Theory]
    [InlineData("0.0.0.0", 3, 0, true)]
    [InlineData("0.0.0.0", 3, 1, false)]
    [InlineData("0.0.0.0", 0, 0, false)]
    [InlineData("127.0.0.1", 3, 0, false)]
    public void Socket_on_every_interface_for_peers_on_this_host_alone_is_told(string address, int local, int others, bool told)
    {
        Snapshot snapshot = new Scene().Daemon(address, 9000, "app", "app").Snapshot;
        PeerCount[] peers = local + others == 0 ? [] : [new PeerCount(9000, local, others)];
        snapshot = snapshot with { Namespaces = [snapshot.Namespaces[0] with { Peers = [.. peers] }] };

        Assert.Equal(told, Facts.Judged(snapshot).Findings.Any(finding => finding is { Id: "PC2006", Subject: "tcp/any/ipv4/9000/app.service" }));
    }

    [Fact]
    public void Raw_socket_hears_without_a_port() =>
        Assert.Contains("PC3012", Ids(new Scene().Loose("0.0.0.0", 1, "/usr/bin/x", protocol: Protocol.Raw)));

    [Fact]
    public void Socket_whose_holder_nobody_saw_is_judged_by_its_number_since_there_is_nothing_else()
    {
        Snapshot unseen = Facts.Snapshot(Facts.Tcp("0.0.0.0", 6379));

        Assert.Equal(["PC2001 tcp/any/ipv4/6379/unknown"], Scene.Lines(Facts.Judged(unseen)));
        Assert.Empty(Facts.Judged(Facts.Snapshot(Facts.Tcp("0.0.0.0", 443))).Findings);
    }

    [Fact]
    public void Machine_is_recognised_by_what_runs_on_it_and_not_by_numbers()
    {
        Scene web = new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 22, "sshd", "openssh-server", "ssh.service", user: "root");
        Scene strange = new Scene().Loose("0.0.0.0", 80, "/opt/x").Loose("0.0.0.0", 22, "/opt/y");

        Assert.Equal(["ssh-admin", "web-server"], Facts.Judged(web.Snapshot).LikelyRoles);
        Assert.Empty(Facts.Judged(strange.Snapshot).LikelyRoles);
        Assert.Empty(Facts.Judged(web.Snapshot, Facts.Policy("roles: []")).LikelyRoles);
    }

    private static ImmutableArray<string> Ids(Scene scene) => [.. Facts.Judged(scene.Snapshot).Findings.Select(finding => finding.Id)];
}
