using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;

namespace Portcullis.Tests.Judging;

/// <summary>Builds the snapshot of a server, a listener a call.</summary>
internal sealed class Scene
{
    private readonly List<SocketFacts> _sockets = [];
    private readonly List<ProcessFacts> _processes = [];
    private readonly List<UnitFacts> _units = [];
    private int _pid = 100;

    /// <summary>A daemon of a package in its unit.</summary>
    internal Scene Daemon(string address, int port, string program, string package, string? unit = null, Protocol protocol = Protocol.Tcp, string user = "daemon")
    {
        string name = unit ?? program + ".service";
        _units.Add(Facts.Unit(name, Facts.Package(package)));
        return Add(Facts.Socket(protocol, address, port, ++_pid), Facts.Process(_pid, "/usr/sbin/" + program, name, Facts.Package(package)) with { User = user, Uid = user == "root" ? 0u : 990u });
    }

    /// <summary>Anything else: the process gets the next PID, and the socket.</summary>
    internal Scene Add(SocketFacts socket, ProcessFacts process)
    {
        int pid = process.Pid;
        _sockets.Add(socket with { Holders = [pid], Inode = (ulong)(_sockets.Count + 1), Backlog = socket.Protocol == Protocol.Tcp ? 128u : null });
        _processes.Add(process);
        return this;
    }

    /// <summary>A process without package and unit.</summary>
    internal Scene Loose(string address, int port, string path, ExecutableOrigin origin = ExecutableOrigin.File, uint uid = 1000, Protocol protocol = Protocol.Tcp) =>
        Add(Facts.Socket(protocol, address, port, ++_pid), Facts.Process(_pid, path) with { Origin = origin, Uid = uid, User = uid == 0 ? "root" : "alice" });

    /// <summary>The next PID that will be given.</summary>
    internal int NextPid => ++_pid;

    internal Snapshot Snapshot => Facts.Snapshot([.. _sockets]) with { Processes = [.. _processes], Units = [.. _units.DistinctBy(unit => unit.Name)] };

    /// <summary>"PC2001 tcp/any/ipv4/6379/redis-server.service" for each finding, in their order.</summary>
    internal static ImmutableArray<string> Lines(Assessment assessment) => [.. assessment.Findings.Select(finding => $"{finding.Id} {finding.Subject}")];
}
