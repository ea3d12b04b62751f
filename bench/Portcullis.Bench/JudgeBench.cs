using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Bench;

/// <summary>Judges 1,000 listeners of 500 units by three roles, and by no policy.</summary>
internal static class JudgeBench
{
    private const int Listeners = 1000;
    private static readonly string[] Roles = ["web-server", "ssh-admin", "database-postgresql"];
    private static readonly (string Program, string Package)[] Daemons = [("nginx", "nginx"), ("redis-server", "redis-server"), ("sshd", "openssh-server"), ("app", "app"), ("postgres", "postgresql-15")];

    internal static int Run(int rounds)
    {
        Snapshot snapshot = Machine();
        HostPolicy policy = new()
        {
            Source = "bench",
            Roles = [.. Roles.Select(name => RoleTable.Catalogue.Find(name)!)],
        };
        Console.WriteLine($"judging {Listeners} listeners, milliseconds: the first time in a process (tables read, code compiled), then the median of {rounds}");
        Measure("by three roles", policy);
        Measure("without a policy", null);
        return 0;

        void Measure(string name, HostPolicy? by)
        {
            double first = Once(by);
            double[] times = [.. Enumerable.Range(0, rounds).Select(_ => Once(by)).Order()];
            Console.WriteLine($"  {name,-20} first {first,8:F1}   median {times[rounds / 2],8:F2}   findings {Judge.Of(snapshot, by, RoleTable.Catalogue).Findings.Length}");
        }

        double Once(HostPolicy? by)
        {
            long start = Stopwatch.GetTimestamp();
            Judge.Of(snapshot, by, RoleTable.Catalogue);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static Snapshot Machine()
    {
        const ulong host = 1;
        ImmutableArray<SocketFacts>.Builder sockets = ImmutableArray.CreateBuilder<SocketFacts>(Listeners);
        ImmutableArray<ProcessFacts>.Builder processes = ImmutableArray.CreateBuilder<ProcessFacts>();
        ImmutableArray<UnitFacts>.Builder units = ImmutableArray.CreateBuilder<UnitFacts>();
        for (int i = 0; i < Listeners; i++)
        {
            int pid = 100 + (i / 2);
            (string program, string package) = Daemons[i / 2 % Daemons.Length];
            sockets.Add(new SocketFacts
            {
                Namespace = host,
                Protocol = Protocol.Tcp,
                Address = IpAddress.Parse(i % 3 == 0 ? "127.0.0.1" : "0.0.0.0"),
                Port = 10_000 + i,
                Inode = (ulong)(i + 1),
                Backlog = 128,
                Holders = [pid],
            });
            if (i % 2 == 0)
            {
                string unit = $"{program}-{i}.service";
                PackageFacts owner = new(package, "1.0", "dpkg");
                units.Add(new UnitFacts { Name = unit, Fragment = "/usr/lib/systemd/system/" + unit, Enabled = "enabled", Preset = "enabled", Package = owner });
                processes.Add(new ProcessFacts
                {
                    Pid = pid,
                    Parent = 1,
                    Name = program,
                    Executable = "/usr/sbin/" + program,
                    Origin = ExecutableOrigin.File,
                    CommandLine = [program],
                    Uid = 1000,
                    User = "alice",
                    Cgroup = "/system.slice/" + unit,
                    Namespace = host,
                    OwnRoot = false,
                    Package = owner,
                    Packaged = true,
                });
            }
        }

        return new Snapshot
        {
            Schema = Snapshot.SchemaName,
            TakenAt = DateTimeOffset.UnixEpoch,
            Host = new HostFacts { Name = "bench", Os = null, Kernel = null },
            Observer = 0,
            Namespaces =
            [
                new NetworkNamespace
                {
                    Inode = host,
                    Name = NetworkNamespace.HostName,
                    Inspected = true,
                    Interfaces = [new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("203.0.113.7")] }],
                    Stack = [new StackSetting("net.ipv4.ip_local_port_range", "32768 60999", null), new StackSetting("net.ipv4.tcp_syncookies", "1", null)],
                    Peers = [],
                    Rules = new RulesetDump { Messages = default },
                },
            ],
            Sockets = sockets.MoveToImmutable(),
            Processes = processes.ToImmutable(),
            Units = units.ToImmutable(),
            Stopped = [],
            Gaps = [],
        };
    }
}
