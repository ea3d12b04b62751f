using System;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Cli;

/// <summary>A server with something of everything, for reports: allowed, forgotten, suspect, on loopback, elsewhere and unseen.</summary>
internal static class SampleServer
{
    /// <summary>What such a server is for.</summary>
    internal const string Policy = """
        roles: [web-server, ssh-admin]
        allow:
          - port: 5432/tcp
            from: private
            reason: reporting reads it from the office
            owner: data team
            expires: 2027-03-31
          - port: 514/udp
            from: private
            reason: until the appliances are replaced
            expires: 2026-01-31
        """;

    internal static Snapshot Facts { get; } = Analysis.Facts.Snapshot(
        Analysis.Facts.Tcp("0.0.0.0", 22, 10), V6("::", 22, 10), Analysis.Facts.Tcp("0.0.0.0", 80, 11), Analysis.Facts.Tcp("0.0.0.0", 443, 11),
        Analysis.Facts.Tcp("127.0.0.1", 25, 12), Analysis.Facts.Tcp("192.168.1.5", 5432, 13), Analysis.Facts.Tcp("0.0.0.0", 6379, 14),
        Analysis.Facts.Tcp("0.0.0.0", 23, 15), Analysis.Facts.Tcp("0.0.0.0", 31337, 16), Analysis.Facts.Tcp("127.0.0.1", 50123, 17),
        Analysis.Facts.Tcp("0.0.0.0", 111, 18), Analysis.Facts.Udp("0.0.0.0", 111, 18), Analysis.Facts.Udp("0.0.0.0", 68, 19),
        Analysis.Facts.Udp("0.0.0.0", 161, 20), Analysis.Facts.Udp("0.0.0.0", 5353, 21), Analysis.Facts.Udp("127.0.0.1", 323, 22), Analysis.Facts.Udp("0.0.0.0", 514),
        Analysis.Facts.Tcp("0.0.0.0", 8080, 23) with { Namespace = Inner }, Analysis.Facts.Socket(Protocol.Packet, null, 0, 19) with { Backlog = null }) with
    {
        Namespaces = [Analysis.Facts.Network(Analysis.Facts.Host, NetworkNamespace.HostName), Analysis.Facts.Network(Inner, "blue")],
        Processes =
        [
            Process(10, "/usr/sbin/sshd", "ssh.service", "openssh-server"), Process(11, "/usr/sbin/nginx", "nginx.service", "nginx"),
            Process(12, "/usr/sbin/exim4", "exim4.service", "exim4-daemon-light"),
            Process(13, "/usr/lib/postgresql/15/bin/postgres", "postgresql@15-main.service", "postgresql-15") with { User = "postgres", Uid = 106 },
            Process(14, "/usr/bin/redis-server", "redis-server.service", "redis-server") with { User = "redis", Uid = 107 },
            Process(15, "/usr/sbin/inetd", "inetd.service", "inetutils-inetd"),
            Analysis.Facts.Process(16, "/usr/bin/kworker-u8") with { Origin = ExecutableOrigin.Deleted, Packaged = null },
            Process(17, "/usr/bin/python3.11", "reports.service", "python3.11-minimal") with { User = "reports", Uid = 1001 },
            Process(18, "/usr/sbin/rpcbind", "rpcbind.service", "rpcbind"), Process(19, "/usr/sbin/dhclient", "networking.service", "isc-dhcp-client"),
            Process(20, "/usr/sbin/snmpd", "snmpd.service", "snmpd"), Process(21, "/usr/sbin/avahi-daemon", "avahi-daemon.service", "avahi-daemon"),
            Process(22, "/usr/sbin/chronyd", "chrony.service", "chrony"),
            Analysis.Facts.Process(23, "/opt/app/server") with { Namespace = Inner, Packaged = false },
        ],
        Units =
        [
            .. new[] { "ssh", "nginx", "exim4", "postgresql@15-main", "redis-server", "inetd", "reports", "rpcbind", "networking", "snmpd", "avahi-daemon", "chrony" }
                .Select(name => Analysis.Facts.Unit(name + ".service")),
        ],
        SuperServers = [new SuperServerEntry { Server = "inetd", Service = "telnet", Protocol = Protocol.Tcp, Port = 23, Program = "/usr/sbin/telnetd", User = "root", Source = "/etc/inetd.conf:12" }],
        Gaps = [new Gap("holders of 1 socket", "not root", "run with sudo"), new Gap("network namespace of container 3f2a", "it ended while it was looked at", null)],
    };

    /// <summary>
    /// Its first few ports with an agreed judgement, for what people compare by eye: it stays as it is when a check learns something.
    /// </summary>
    internal static Assessment Agreed { get; } = new()
    {
        TakenAt = Analysis.Facts.Now,
        Host = Facts.Host,
        Listeners = [.. Analysis.Facts.Listeners(Facts with { Sockets = [.. Facts.Sockets.Where(socket => socket.Port is 22 or 25 or 443 or 6379 or 68 or 0)] }).Select(WithJudgement)],
        Findings =
        [
            new Finding
            {
                Id = "PC0001",
                Severity = Severity.High,
                Title = "redis is heard on every interface (6379/tcp)",
                Subject = "tcp/any/ipv4/6379/redis-server.service",
                Evidence = ["6379/tcp 0.0.0.0: held by redis-server.service", "no role allows it"],
                Remedy = "bind it to 127.0.0.1, else stop it: sudo systemctl disable --now redis-server.service",
                Controls = ["PCI DSS 4.0.1 2.2.4", "CIS 4.8"],
                Location = "/etc/redis/redis.conf:87",
            },
            new Finding { Id = "PC0002", Severity = Severity.Low, Title = "The exception for port 514/udp expired", Subject = "exception:port 514/udp", Remedy = "take it out of portcullis.yaml:8", Location = "portcullis.yaml:8" },
        ],
        Policy = new PolicyFacts("portcullis.yaml", ["web-server", "ssh-admin"]),
        Gaps = Facts.Gaps,
    };

    /// <summary>The same server, where everything that can name itself does so with the worst of intentions.</summary>
    internal static Snapshot Hostile(string name) => Facts with
    {
        Host = Facts.Host with { Name = name, Os = name, Kernel = name },
        Processes = [.. Facts.Processes.Select(process => process with { Name = name, Executable = "/" + name, User = name, Package = null, CommandLine = [name] })],
        Namespaces = [Facts.Namespaces[0], Facts.Namespaces[1] with { Name = name }],
        Units = [.. Facts.Units.Select(unit => unit with { Fragment = "/" + name })],
        SuperServers = [Facts.SuperServers[0] with { Service = name, Source = name }],
        Gaps = [new Gap(name, name, name)],
    };

    private const ulong Inner = Analysis.Facts.Host + 1;

    private static Listener WithJudgement(Listener listener) => listener.Port switch
    {
        22 => listener with { Expected = true, Role = "ssh-admin", RoleService = "ssh", Approval = new Approval { Reason = "the administrators' way in", From = ["private"] } },
        443 => listener with { Expected = true, Role = "exception", RoleService = "port 443/tcp", Approval = new Approval { Reason = "the shop", Owner = "web team", Expires = new DateOnly(2027, 3, 31), From = ["internet"] } },
        68 => listener with { Expected = true, Role = "base", RoleService = "dhcp-client", Approval = new Approval { From = ["link"] } },
        _ => listener with { Expected = false },
    };

    private static SocketFacts V6(string address, int port, int holder) => Analysis.Facts.Tcp(address, port, holder) with { V6Only = true, Inode = (ulong)port * 10_000 };

    private static ProcessFacts Process(int pid, string executable, string unit, string package) => Analysis.Facts.Process(pid, executable, unit, Analysis.Facts.Package(package));
}
