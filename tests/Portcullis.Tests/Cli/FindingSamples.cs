using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Analysis.Judging;
using Portcullis.Tests.Judging;
using Portcullis.Tests.Wire.Nft;

namespace Portcullis.Tests.Cli;

/// <summary>For each kind of finding a small machine that raises it, so that its words can be read.</summary>
internal static class FindingSamples
{
    private const string Cache = "redis-server";

    private static readonly Dictionary<string, Func<Assessment>> s_samples = new(StringComparer.Ordinal)
    {
        ["PC1001"] = () => Judged(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("127.0.0.1", 6379, Cache, Cache, user: "redis"), "roles: [ssh-admin]"),
        ["PC1002"] = () => Judged(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("127.0.0.1", 443, "nginx", "nginx"), "roles: [web-server, ssh-admin]"),
        ["PC1003"] = () => Judged(
            new Scene().Daemon("0.0.0.0", 8500, "app", "app"),
            "roles: []\nallow:\n  - { port: 8500/tcp, from: internet, reason: for the fair, owner: sales, expires: 2026-10-31 }\n  - { port: 9/udp, from: private, reason: a test, expires: 2026-11-20 }\n"),
        ["PC1004"] = () => Judged(
            new Scene().Daemon("0.0.0.0", 22, "sshd", "openssh-server", "ssh.service", user: "root").Daemon("0.0.0.0", 5432, "postgres", "postgresql-15", "postgresql@15-main.service"),
            "zones: { admin: [10.0.5.0/24] }\nroles: [ssh-admin]\nallow:\n  - { port: 5432/tcp, from: private, reason: reports }\n"),
        ["PC1005"] = () => Judged(new Scene(), "roles: []\nallow:\n  - { port: 8500/tcp, from: internet, reason: for the fair, owner: sales }\n"),
        ["PC2001"] = () => Judged(new Scene().Daemon("0.0.0.0", 6379, Cache, Cache, user: "redis").Daemon("10.1.2.3", 5432, "postgres", "postgresql-15", "postgresql@15-main.service")),
        ["PC2002"] = () => Judged(new Scene().Daemon("::", 9090, "cockpit-tls", "cockpit-ws", "cockpit.socket")),
        ["PC2003"] = () => Judged(new Scene().Daemon("0.0.0.0", 23, "telnetd", "telnetd", "inetd.service")),
        ["PC2004"] = () => Judged(
            new Scene().Daemon("0.0.0.0", 53, "dnsmasq", "dnsmasq", protocol: Protocol.Udp).Daemon("0.0.0.0", 19, "chargen", "openbsd-inetd", "openbsd-inetd.service", Protocol.Udp)),
        ["PC2005"] = () => Judged(new Scene().Daemon("0.0.0.0", 69, "in.tftpd", "tftpd-hpa", "tftpd-hpa.service", Protocol.Udp)),
        ["PC2006"] = () => Judged(WithHost(new Scene().Daemon("0.0.0.0", 9000, "app", "app").Snapshot, host => host with { Peers = [new PeerCount(9000, 3, 0)] })),
        ["PC2007"] = () => Judged(new Scene().Daemon("127.0.0.1", 8500, "app", "app").Daemon("::", 8500, "app", "app")),
        ["PC3001"] = () => Judged(new Scene().Loose("0.0.0.0", 4444, "/usr/local/bin/app", ExecutableOrigin.Deleted)),
        ["PC3002"] = () => Judged(new Scene().Loose("0.0.0.0", 4444, "/memfd:x", ExecutableOrigin.Memory)),
        ["PC3003"] = () => Judged(new Scene().Loose("0.0.0.0", 4444, "/var/tmp/.x/app", ExecutableOrigin.Temporary)),
        ["PC3004"] = () => Judged(new Scene().Loose("0.0.0.0", 8500, "/opt/app/app").Loose("127.0.0.1", 8501, "/opt/app/app")),
        ["PC3005"] = () => Judged(new Scene().Add(Facts.Tcp("0.0.0.0", 5555), Facts.Process(101, "/usr/bin/app") with { CommandLine = ["[kworker/0:1]"], Uid = 1000, User = "alice" })),
        ["PC3006"] = () => Judged(new Scene().Add(
            Facts.Tcp("0.0.0.0", 80), Facts.Process(101, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx")) with { Origin = ExecutableOrigin.Deleted, Uid = 33, User = "www-data" })),
        ["PC3007"] = () => Judged(new Scene().Add(Facts.Tcp("0.0.0.0", 443), Facts.Process(101, "/usr/bin/python3.11", package: Facts.Package("python3.11-minimal")) with { Uid = 1000, User = "alice" })),
        ["PC3008"] = () => Judged(WithUnit(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Add(Facts.Tcp("0.0.0.0", 2222), Facts.Process(102, "/usr/sbin/sshd", package: Facts.Package("openssh-server"))).Snapshot, "ssh.service")),
        ["PC3009"] = () => Judged(new Scene().Daemon("0.0.0.0", 6379, Cache, Cache, user: "root").Loose("0.0.0.0", 8080, "/opt/app/app", uid: 0)),
        ["PC3010"] = () => Judged(Dark(new Scene().Loose("0.0.0.0", 7777, "/usr/bin/listener").Snapshot)),
        ["PC3011"] = () => Judged(new Scene().Add(Facts.Socket(Protocol.Packet, null, 0) with { LinkProtocol = 3, FilterLength = 12 }, Facts.Process(101, "/usr/bin/tcpdump", package: Facts.Package("tcpdump")))),
        ["PC3012"] = () => Judged(new Scene().Loose("0.0.0.0", 1, "/usr/local/bin/pingd", uid: 0, protocol: Protocol.Raw)),
        ["PC4001"] = () => Judged(StackFacts.Snapshot("net.ipv4.tcp_syncookies=0")),
        ["PC4002"] = () => Judged(StackFacts.Snapshot()),
        ["PC4003"] = () => Judged(StackFacts.Snapshot()),
        ["PC4004"] = () => Judged(StackFacts.Snapshot("net.ipv4.ip_forward=1", "net.ipv4.conf.eth0.forwarding=1", "net.ipv4.conf.eth1.forwarding=1"), "roles: [web-server]"),
        ["PC4005"] = () => Judged(StackFacts.Snapshot("net.ipv4.conf.all.accept_source_route=1")),
        ["PC4006"] = () => Judged(StackFacts.Snapshot()),
        ["PC4007"] = () => Judged(StackFacts.Snapshot("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"), "roles: [web-server]"),
        ["PC4008"] = () => Judged(StackFacts.Snapshot()),
        ["PC4009"] = () => Judged(StackFacts.Snapshot("net.ipv4.tcp_timestamps=2")),
        ["PC4010"] = () => Judged(WithStack(new Scene().Daemon("0.0.0.0", 50051, "app", "app").Snapshot, StackFacts.Snapshot("net.ipv4.ip_local_reserved_ports=8080"))),
        ["PC4011"] = () => Judged(StackFacts.Snapshot("net.ipv4.icmp_echo_ignore_broadcasts=0")),
        ["PC3013"] = () => Judged(Facts.Snapshot(Facts.Tcp("0.0.0.0", 31337) with { Uid = 1000 }) with { SeesEveryProcess = true }),
        ["PC6001"] = () => Judged(WithHost(Facts.Snapshot(), host => host with { Rules = new RulesetDump { Messages = NftRulesetTests.Published } })),
        ["PC6002"] = () => Facts.JudgedWhole(Firewalled(Web, FirewallFacts.Loader("ufw", atBoot: false) with { SwitchedOn = false, File = "/etc/ufw/ufw.conf" })),
        ["PC6003"] = () => Judged(Firewalled(Web, FirewallFacts.Loader("ufw") with { SwitchedOn = true, File = "/etc/ufw/ufw.conf" })),
        ["PC6004"] = () => Judged(Firewalled(FirewallFacts.Guarded(Web), FirewallFacts.Loader("nftables", running: false, atBoot: false) with { File = "/etc/nftables.conf", FlushesAll = true, HasRules = false })),
        ["PC6005"] = () => Judged(Firewalled(Web, FirewallFacts.Loader("firewalld", running: false))),
        ["PC6006"] = () => Judged(Firewalled(
            FirewallFacts.WithRules(Web, "ufw.iptables", "guard.nft"),
            FirewallFacts.Loader("nftables") with { File = "/etc/nftables.conf", FlushesAll = true, HasRules = true }, FirewallFacts.Loader("ufw") with { SwitchedOn = true, File = "/etc/ufw/ufw.conf" })),
        ["PC6007"] = () => Judged(Firewalled(FirewallFacts.WithRules(Web, "ufw.iptables"), FirewallFacts.Loader("ufw") with { SwitchedOn = true, File = "/etc/ufw/ufw.conf" })),
        ["PC6008"] = () => Judged(Firewalled(FirewallFacts.WithRules(Web, "behind.nft"))),
        ["PC7001"] = () => Judged(Asked(FirewallFacts.Guarded(Web), new SeenPorts(Protocol.Tcp, 80, 80, PortState.Filtered, true), new SeenPorts(Protocol.Tcp, 2222, 2222, PortState.Open, true))),
        ["PC7002"] = () => Judged(Asked(FirewallFacts.Guarded(Web), new SeenPorts(Protocol.Tcp, 31337, 31337, PortState.Open, true))),
        ["PC5001"] = () => Judged(Facts.Snapshot() with { Stopped = [Facts.Unit("snmpd.service", Facts.Package("snmpd")) with { Enabled = "disabled" }] }),
    };

    /// <summary>The machine as another one sees it.</summary>
    private static Snapshot Asked(Snapshot snapshot, params SeenPorts[] seen) => snapshot with
    {
        Outside = [new OutsideView { From = "admin@web2", Address = IpAddress.Parse("203.0.113.7"), Source = IpAddress.Parse("198.51.100.9"), Destination = IpAddress.Parse("203.0.113.7"), Interface = "eth0", Ports = [.. seen] }],
    };

    private static Snapshot Web => new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 2222, "sshd", "openssh-server", "ssh.service", user: "root").Snapshot;

    /// <summary>The kinds of which there is one.</summary>
    internal static IEnumerable<string> Kinds => s_samples.Keys;

    /// <summary>The machine's assessment with the findings of that kind alone.</summary>
    internal static Assessment Of(string id)
    {
        Assessment all = s_samples[id]();
        return all with { Findings = [.. all.Findings.Where(finding => finding.Id == id)] };
    }

    private static Assessment Judged(Scene scene, string? policy = null) => Judged(scene.Snapshot, policy);

    private static Assessment Judged(Snapshot snapshot, string? policy = null) => Facts.Judged(snapshot, policy is null ? null : Facts.Policy(policy));

    private static Snapshot WithHost(Snapshot snapshot, Func<NetworkNamespace, NetworkNamespace> change) =>
        snapshot with { Namespaces = [change(snapshot.Namespaces[0]), .. snapshot.Namespaces.Skip(1)] };

    private static Snapshot Firewalled(Snapshot snapshot, params RuleLoader[] loaders) => snapshot with { RuleLoaders = [.. loaders] };

    private static Snapshot WithStack(Snapshot snapshot, Snapshot other) => WithHost(snapshot, host => host with { Stack = other.Namespaces[0].Stack });

    private static Snapshot WithUnit(Snapshot snapshot, string name) => snapshot with { Units = [.. snapshot.Units, Facts.Unit(name)] };

    private static Snapshot Dark(Snapshot snapshot) => snapshot with
    {
        Namespaces = [.. snapshot.Namespaces, Facts.Network(77, "dark")],
        Sockets = [.. snapshot.Sockets.Select(socket => socket with { Namespace = 77 })],
    };
}
