using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Policies;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Tests.Analysis;

/// <summary>Makes small snapshots, so that a test says only what it is about.</summary>
internal static class Facts
{
    internal const ulong Host = 4026531840;

    internal static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    internal static Snapshot Snapshot(params SocketFacts[] sockets) => new()
    {
        Schema = Core.Model.Snapshot.SchemaName,
        TakenAt = Now,
        Host = new HostFacts { Name = "web1", Os = "Debian GNU/Linux 12 (bookworm)", Kernel = "6.1.0" },
        Observer = 0,
        Namespaces = [Network(Host, NetworkNamespace.HostName)],
        Sockets = [.. sockets],
        Gaps = [],
    };

    /// <summary>What is made of a snapshot, by default without any policy and by the catalogue that the program brings.</summary>
    /// <remarks>Without that these machines have no firewall: what has to do with one has a look at the whole judgement.</remarks>
    internal static Assessment Judged(Snapshot snapshot, HostPolicy? policy = null)
    {
        Assessment whole = JudgedWhole(snapshot, policy);
        return whole with { Findings = [.. whole.Findings.Where(static finding => finding.Id != "PC6002")] };
    }

    /// <summary>The same with every finding.</summary>
    internal static Assessment JudgedWhole(Snapshot snapshot, HostPolicy? policy = null) => Audit.Of(snapshot, policy, Catalogue.All);

    /// <summary>A policy as a user would write it.</summary>
    internal static HostPolicy Policy(string yaml) => PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes(yaml), "portcullis.yaml", Catalogue.All);

    internal static NetworkNamespace Network(ulong inode, string name) => new()
    {
        Inode = inode,
        Name = name,
        Inspected = true,
        Rules = new RulesetDump { Messages = default },
        Interfaces =
        [
            new NetworkInterface { Index = 1, Name = "lo", IsLoopback = true, IsUp = true, Addresses = [IpAddress.Parse("127.0.0.1")] },
            new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("203.0.113.7")] },
        ],
    };

    internal static SocketFacts Tcp(string address, int port, params int[] holders) => Socket(Protocol.Tcp, address, port, holders) with { Backlog = 128 };

    internal static SocketFacts Udp(string address, int port, params int[] holders) => Socket(Protocol.Udp, address, port, holders);

    internal static SocketFacts Socket(Protocol protocol, string? address, int port, params int[] holders) => new()
    {
        Namespace = Host,
        Protocol = protocol,
        Address = address is null ? null : IpAddress.Parse(address),
        Port = port,
        Inode = (ulong)(port * 10) + (ulong)protocol,
        Holders = [.. holders],
    };

    internal static ProcessFacts Process(int pid, string executable, string? unit = null, PackageFacts? package = null) => new()
    {
        Pid = pid,
        Parent = 1,
        Name = executable[(executable.LastIndexOf('/') + 1)..],
        Executable = executable,
        Origin = ExecutableOrigin.File,
        CommandLine = [executable],
        Uid = 0,
        User = "root",
        StartedAt = Now.AddHours(-1),
        Cgroup = unit is null ? "/user.slice/user-1000.slice/session-3.scope" : $"/system.slice/{unit}",
        Namespace = Host,
        OwnRoot = false,
        Package = package,
        Packaged = package is not null,
    };

    internal static ProcessFacts Manager { get; } = Process(1, "/usr/lib/systemd/systemd", package: Package("systemd")) with { Cgroup = "/init.scope", Parent = 0 };

    internal static PackageFacts Package(string name) => new(name, "1.0-1", "dpkg");

    internal static UnitFacts Unit(string name, PackageFacts? package = null) => new()
    {
        Name = name,
        Fragment = $"/usr/lib/systemd/system/{name}",
        Enabled = "enabled",
        Preset = "enabled",
        Package = package,
    };

    internal static ImmutableArray<Listener> Listeners(Snapshot snapshot) => Core.Analysis.ListenerTable.From(snapshot);
}
