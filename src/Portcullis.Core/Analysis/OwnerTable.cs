using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Core.Analysis;

/// <summary>Finds out to whom a socket belongs, from the processes that hold it.</summary>
internal sealed class OwnerTable
{
    // Of several with one name the first counts: a snapshot may come from anywhere.
    private readonly Dictionary<int, ProcessFacts> _processes = [];
    private readonly Dictionary<string, UnitFacts> _units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerFacts> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, NetworkNamespace> _namespaces = [];
    private readonly Dictionary<string, UnitFacts?> _unitsByGroup = new(StringComparer.Ordinal);
    private readonly SocketUnits _socketUnits;
    private readonly ImmutableArray<ContainerFacts> _allContainers;
    private readonly ImmutableArray<SuperServerEntry> _superServers;

    internal OwnerTable(Snapshot snapshot)
    {
        foreach (ProcessFacts process in snapshot.Processes)
        {
            _processes.TryAdd(process.Pid, process);
        }

        foreach (UnitFacts unit in snapshot.Units)
        {
            _units.TryAdd(UnitKey(unit.Name, unit.User), unit);
        }

        foreach (ContainerFacts container in snapshot.Containers)
        {
            _containers.TryAdd(container.Id, container);
        }

        foreach (NetworkNamespace network in snapshot.Namespaces)
        {
            _namespaces.TryAdd(network.Inode, network);
        }

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

        internal string? Kernel { get; init; }
    }

    /// <summary>The namespace that a socket lives in; null where the snapshot has none of that number.</summary>
    internal NetworkNamespace? NamespaceOf(SocketFacts socket) => _namespaces.TryGetValue(socket.Namespace, out NetworkNamespace? network) ? network : null;

    internal Owner Of(SocketFacts socket)
    {
        ImmutableArray<ProcessFacts> processes = HoldersOf(socket);
        if (processes.IsEmpty)
        {
            string? kernel = KernelSocket.Of(socket, NamespaceOf(socket));
            return new Owner { Holder = kernel is null ? Holder.Unknown : Holder.Kernel, Kernel = kernel };
        }

        // The service manager opens sockets on behalf of others; whoever else holds one is its true user.
        ImmutableArray<ProcessFacts> workers = [.. processes.Where(process => !IsManager(process))];
        ProcessFacts first = (workers.IsEmpty ? processes : workers).Min(ByStart)!;
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
            Holder = HolderOf(unit, activatedBy, container ?? PublishedHolder(unit, published?.Container), package, first),
        };
    }

    /// <summary>The oldest first; one whose start is not known may be the oldest of all.</summary>
    private static Comparer<ProcessFacts> ByStart { get; } = Comparer<ProcessFacts>.Create(static (left, right) =>
        (left.StartedAt ?? DateTimeOffset.MinValue).CompareTo(right.StartedAt ?? DateTimeOffset.MinValue) is int byStart and not 0
            ? byStart
            : left.Pid.CompareTo(right.Pid));

    private static string UnitKey(string name, uint? user) => user is uint uid ? string.Create(CultureInfo.InvariantCulture, $"{uid}/{name}") : name;

    /// <summary>The processes that hold a socket, by process id.</summary>
    private ImmutableArray<ProcessFacts> HoldersOf(SocketFacts socket)
    {
        List<ProcessFacts> holders = [];
        foreach (int pid in socket.Holders)
        {
            if (_processes.TryGetValue(pid, out ProcessFacts? process))
            {
                holders.Add(process);
            }
        }

        holders.Sort(static (left, right) => left.Pid.CompareTo(right.Pid));
        return [.. holders];
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

    /// <summary>conmon has a scope of its own for each container, so the container is the lasting name, unless a service started it.</summary>
    private static ContainerFacts? PublishedHolder(UnitFacts? unit, ContainerFacts? published) =>
        published?.Engine == "podman" && (unit is null || unit.Transient) ? published : null;

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
        if (process.Cgroup is not string group)
        {
            return null;
        }

        if (!_unitsByGroup.TryGetValue(group, out UnitFacts? unit))
        {
            _unitsByGroup[group] = unit = UnitByGroup(group);
        }

        return unit;
    }

    private UnitFacts? UnitByGroup(string group)
    {
        if (ControlGroup.UnitOf(group) is not ControlGroupUnit named || named.IsManager)
        {
            return null;
        }

        // A scope has no file to read, and a unit may be gone: the control group still names it.
        return _units.TryGetValue(UnitKey(named.Name, named.User), out UnitFacts? unit)
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

        // Podman's watcher holds the ports of one container alone, of which it tells itself; what is behind them may be unknown.
        if (Conmon.ContainerOf(process) is ContainerFacts watched)
        {
            ContainerFacts container = _containers.GetValueOrDefault(watched.Id) ?? watched;
            PublishedPort? known = container.Published.FirstOrDefault(port =>
                port.Protocol == socket.Protocol && port.Port == socket.Port && (port.Address == socket.Address || port.Address.IsAny));
            return (container, new PublishedPort(socket.Protocol, socket.Address ?? IpAddress.AnyV4, socket.Port, known?.ContainerPort));
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
}
