using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Core.Analysis;

/// <summary>Finds out to whom a socket belongs, from the processes that hold it.</summary>
internal sealed class OwnerTable
{
    private readonly Dictionary<int, ProcessFacts> _processes;
    private readonly Dictionary<(string Name, uint? User), UnitFacts> _units;
    private readonly Dictionary<string, ContainerFacts> _containers;
    private readonly Dictionary<ulong, NetworkNamespace> _namespaces;
    private readonly SocketUnits _socketUnits;
    private readonly ImmutableArray<ContainerFacts> _allContainers;
    private readonly ImmutableArray<SuperServerEntry> _superServers;

    internal OwnerTable(Snapshot snapshot)
    {
        _processes = snapshot.Processes.DistinctBy(process => process.Pid).ToDictionary(process => process.Pid);
        _units = snapshot.Units.DistinctBy(unit => (unit.Name, unit.User)).ToDictionary(unit => (unit.Name, unit.User));
        _containers = snapshot.Containers.DistinctBy(container => container.Id, StringComparer.Ordinal).ToDictionary(container => container.Id, StringComparer.Ordinal);
        _namespaces = snapshot.Namespaces.DistinctBy(one => one.Inode).ToDictionary(one => one.Inode);
        _socketUnits = new SocketUnits(snapshot.Units);
        _allContainers = snapshot.Containers;
        _superServers = snapshot.SuperServers;
    }

    /// <summary>To whom a socket belongs.</summary>
    internal sealed record Owner
    {
        internal required Holder Holder { get; init; }

        internal ImmutableArray<ProcessFacts> Processes { get; init; } = [];

        internal UnitFacts? Unit { get; init; }

        internal string? ActivatedBy { get; init; }

        internal PackageFacts? Package { get; init; }

        internal ContainerFacts? Container { get; init; }

        internal PublishedPort? Published { get; init; }

        internal SuperServerEntry? SuperServer { get; init; }
    }

    internal Owner Of(SocketFacts socket)
    {
        ImmutableArray<ProcessFacts> processes =
            [.. socket.Holders.Where(_processes.ContainsKey).Select(pid => _processes[pid]).OrderBy(process => process.Pid)];
        if (processes.IsEmpty)
        {
            return new Owner { Holder = IsTunnel(socket) ? Holder.Kernel : Holder.Unknown };
        }

        // The service manager opens sockets on behalf of others; whoever else holds one is its true user.
        ImmutableArray<ProcessFacts> workers = [.. processes.Where(process => !IsManager(process))];
        ProcessFacts first = (workers.IsEmpty ? processes : workers).OrderBy(process => process.StartedAt).ThenBy(process => process.Pid).First();
        UnitFacts? opener = workers.Length < processes.Length ? _socketUnits.For(socket) : null;
        UnitFacts? unit = workers.IsEmpty ? opener : UnitOf(first);
        SuperServerEntry? entry = SuperServerFor(first, socket);
        ContainerFacts? container = ContainerOf(first);
        (ContainerFacts Container, PublishedPort Port)? published = container is null ? PublishedBy(first, socket) : null;
        PackageFacts? package = PackageOf(first, unit, entry, isManager: workers.IsEmpty);
        string? activatedBy = opener is not null && opener.Name != unit?.Name ? opener.Name : null;
        return new Owner
        {
            Processes = processes,
            Unit = unit,
            ActivatedBy = activatedBy,
            Package = package,
            Container = container ?? published?.Container,
            Published = published?.Port,
            SuperServer = entry,
            Holder = HolderOf(unit, activatedBy, container, package, first),
        };
    }

    /// <summary>
    /// A socket unit keeps its sockets while its service comes and goes, so it is the more lasting name of the two.
    /// Scopes and transient units are named anew each time.
    /// </summary>
    private static Holder HolderOf(UnitFacts? unit, string? activatedBy, ContainerFacts? container, PackageFacts? package, ProcessFacts process) =>
        activatedBy is not null ? new Holder(HolderKind.Unit, activatedBy)
        : container is { Name: string name } ? new Holder(HolderKind.Container, name)
        : unit is { Transient: false } && !unit.Name.EndsWith(".scope", StringComparison.Ordinal) ? new Holder(HolderKind.Unit, unit.Name)
        : package is not null ? new Holder(HolderKind.Package, package.Name)
        : process.Executable is string path ? new Holder(HolderKind.Executable, path)
        : Holder.Unknown;

    /// <summary>Whether this is systemd itself, the system's or a user's.</summary>
    private static bool IsManager(ProcessFacts process) =>
        process.Pid == 1 || (process.Name == "systemd" && ControlGroup.UnitOf(process.Cgroup) is { IsManager: true });

    private static PackageFacts? PackageOf(ProcessFacts process, UnitFacts? unit, SuperServerEntry? entry, bool isManager) =>
        entry is { Program: not null } ? entry.Package
        : isManager && unit is not null ? unit.Package
        : Interpreter.Is(process.Executable) ? process.ScriptPackage ?? unit?.Package ?? process.Package
        : process.Package;

    private UnitFacts? UnitOf(ProcessFacts process)
    {
        if (ControlGroup.UnitOf(process.Cgroup) is not ControlGroupUnit named || named.IsManager)
        {
            return null;
        }

        // A scope has no file to read, and a unit may be gone: the control group still names it.
        return _units.TryGetValue((named.Name, named.User), out UnitFacts? unit)
            ? unit
            : new UnitFacts { Name = named.Name, User = named.User, Transient = named.Name.EndsWith(".scope", StringComparison.Ordinal) };
    }

    private ContainerFacts? ContainerOf(ProcessFacts process) =>
        ContainerGroup.Of(process.Cgroup) is not ContainerGroup group ? null
        : _containers.TryGetValue(group.Id, out ContainerFacts? known) ? known
        : new ContainerFacts { Engine = group.Engine, Id = group.Id };

    /// <summary>The engines' own processes that stand on the host for a port inside.</summary>
    private (ContainerFacts Container, PublishedPort Port)? PublishedBy(ProcessFacts process, SocketFacts socket)
    {
        if (process.Name is not ("docker-proxy" or "dockerd" or "conmon" or "rootlessport" or "rootlesskit" or "slirp4netns" or "pasta"))
        {
            return null;
        }

        // The exact address first: an engine publishes on 0.0.0.0 and on [::] as two ports.
        return Published(socket, port => port.Address == socket.Address)
            ?? Published(socket, port => port.Address.IsAny && socket.Address is { IsAny: true });
    }

    private (ContainerFacts Container, PublishedPort Port)? Published(SocketFacts socket, Func<PublishedPort, bool> fits)
    {
        foreach (ContainerFacts container in _allContainers)
        {
            foreach (PublishedPort port in container.Published)
            {
                if (port.Protocol == socket.Protocol && port.Port == socket.Port && fits(port))
                {
                    return (container, port);
                }
            }
        }

        return null;
    }

    private SuperServerEntry? SuperServerFor(ProcessFacts process, SocketFacts socket)
    {
        bool isServer = process.Executable is string path
            && path[(path.LastIndexOf('/') + 1)..] is "inetd" or "xinetd" or "openbsd-inetd" or "inetutils-inetd" or "rlinetd";
        return !isServer ? null : _superServers.FirstOrDefault(entry =>
            entry.Protocol == socket.Protocol && entry.Port == socket.Port
            && (entry.Address is null || entry.Address == socket.Address));
    }

    private bool IsTunnel(SocketFacts socket) =>
        socket.Protocol == Protocol.Udp
        && _namespaces.TryGetValue(socket.Namespace, out NetworkNamespace? network)
        && network.Interfaces.Any(one => one.TunnelPort == socket.Port);
}
