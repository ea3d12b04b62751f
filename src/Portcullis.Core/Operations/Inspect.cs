using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Core.Operations;

/// <summary>Takes the facts of a machine: what listens, and who holds it.</summary>
public sealed class Inspect(Machine machine)
{
    /// <summary>Takes them.</summary>
    /// <param name="now">The present time, UTC.</param>
    /// <param name="hash">Whether executables are to be hashed.</param>
    /// <param name="withPackages">Whether the packages are wanted; where they are not, none is known.</param>
    public Snapshot Run(DateTimeOffset now, bool hash, bool withPackages = true)
    {
        HostInventory host = machine.Host.Read();
        SocketInventory sockets = machine.Sockets.Read();

        HashSet<int> holders = HoldersOf(sockets);
        ProcessInventory processes = machine.Processes.Describe(WithInsiders(holders, sockets), hash);
        ContainerInventory containers = machine.Containers.Describe(processes.Processes);
        SuperServerInventory superServers = machine.SuperServers.Read();
        ServiceInventory services = machine.Services.Describe(UnitsOf(processes.Processes), ProgramKnowledge.Units);

        // Ancestors are context; only who holds a socket is worth the search for a package.
        PackageSearch packages = !withPackages ? new(machine.Packages, [], [], []) : new(
            machine.Packages, processes.Processes.Where(process => holders.Contains(process.Pid)), [.. services.Units, .. services.Stopped ?? []], superServers.Entries);
        Dictionary<int, ProcessFacts> byPid = [];
        foreach (ProcessFacts process in processes.Processes.Concat(packages.Processes()))
        {
            byPid[process.Pid] = process;
        }

        ImmutableArray<UnitFacts> units = [.. services.Units.Select(packages.Of)];
        StackInventory stack = machine.Stack.Read();
        PeerInventory peers = PeersOf(sockets);
        ImmutableArray<NetworkNamespace> namespaces =
        [
            .. NamespaceNames.Assign(sockets.Namespaces, byPid, process => LastingUnit(process, units), containers.Containers)
                .Select(one => one.Name == NetworkNamespace.HostName ? one with { Stack = stack.Settings, Peers = peers.Peers } : one),
        ];
        return new Snapshot
        {
            Schema = Snapshot.SchemaName,
            TakenAt = now,
            Host = host.Host,
            Observer = host.Observer,
            SeesEveryProcess = sockets.HoldersComplete ? sockets.IsWholeMachine : false,
            Namespaces = namespaces,
            Sockets = [.. sockets.Sockets.Order(SocketOrder)],
            GroupPrograms = sockets.GroupPrograms,
            Processes = [.. byPid.Values.Order(ProcessOrder)],
            Units = [.. units.Order(UnitOrder)],
            Stopped = services.Stopped is { } stopped ? [.. stopped.Select(packages.Of).Order(UnitOrder)] : null,
            RuleLoaders = services.RuleLoaders,
            Containers = [.. containers.Containers.OrderBy(one => one.Engine, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)],
            SuperServers = [.. superServers.Entries.Select(packages.Of)],
            Gaps =
            [
                .. host.Gaps, .. sockets.Gaps, .. OwnersMissing(sockets, namespaces, host.Observer), .. processes.Gaps,
                .. containers.Gaps, .. superServers.Gaps, .. services.Gaps, .. stack.Gaps, .. peers.Gaps, .. packages.Gaps.Distinct(),
            ],
        };
    }

    // One comparer for one reference type: sorting by several keys of value types is compiled anew in every run.
    private static Comparer<SocketFacts> SocketOrder { get; } = Comparer<SocketFacts>.Create(static (left, right) =>
        left.Namespace.CompareTo(right.Namespace) is int byNamespace and not 0 ? byNamespace
        : ((int)left.Protocol).CompareTo((int)right.Protocol) is int byProtocol and not 0 ? byProtocol
        : left.Port.CompareTo(right.Port) is int byPort and not 0 ? byPort
        : IpAddress.Compare(left.Address, right.Address) is int byAddress and not 0 ? byAddress
        : left.Interface.CompareTo(right.Interface) is int byInterface and not 0 ? byInterface
        : left.Inode.CompareTo(right.Inode));

    private static Comparer<ProcessFacts> ProcessOrder { get; } = Comparer<ProcessFacts>.Create(static (left, right) => left.Pid.CompareTo(right.Pid));

    private static Comparer<UnitFacts> UnitOrder { get; } = Comparer<UnitFacts>.Create(static (left, right) =>
        string.CompareOrdinal(left.Name, right.Name) is int byName and not 0 ? byName : (left.User ?? -1L).CompareTo(right.User ?? -1L));

    /// <summary>Asks only where the answer matters: a public service's thousands of connections cost nothing.</summary>
    private PeerInventory PeersOf(SocketInventory sockets)
    {
        if (sockets.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName) is not NetworkNamespace own)
        {
            return new PeerInventory(null, []);
        }

        SortedSet<int> ports = [];
        foreach (SocketFacts socket in sockets.Sockets)
        {
            if (socket.Protocol == Protocol.Tcp && socket.Namespace == own.Inode && socket.Address is { IsAny: true }
                && PortKnowledge.Lookup(socket.Port, Protocol.Tcp)?.Exposure != AdvisedExposure.Internet)
            {
                ports.Add(socket.Port);
            }
        }

        return machine.Sockets.Peers(ports, own);
    }

    private static HashSet<int> HoldersOf(SocketInventory sockets)
    {
        HashSet<int> holders = [];
        foreach (SocketFacts socket in sockets.Sockets)
        {
            foreach (int pid in socket.Holders)
            {
                holders.Add(pid);
            }
        }

        return holders;
    }

    /// <summary>The holders, and for each namespace a process that is in it, to name it by.</summary>
    private static HashSet<int> WithInsiders(HashSet<int> holders, SocketInventory sockets)
    {
        HashSet<int> all = [.. holders];
        foreach (NetworkNamespace network in sockets.Namespaces)
        {
            if (network.Pid is int pid)
            {
                all.Add(pid);
            }
        }

        return all;
    }

    private static UnitReference[] UnitsOf(ImmutableArray<ProcessFacts> processes) =>
    [
        .. processes.Select(process => ControlGroup.UnitOf(process.Cgroup))
            .OfType<ControlGroupUnit>()
            .Select(unit => new UnitReference(unit.Name, unit.User))
            .Distinct(),
    ];

    private static string? LastingUnit(ProcessFacts process, ImmutableArray<UnitFacts> units) =>
        ControlGroup.UnitOf(process.Cgroup) is ControlGroupUnit named
        && units.Any(unit => unit.Name == named.Name && unit.User == named.User && !unit.Transient)
            ? named.Name
            : null;

    /// <summary>
    /// A socket without a holder is a riddle that must be told, unless it is the kernel's own; and so are further holders of
    /// any socket, where not every process could be looked at.
    /// </summary>
    private static IEnumerable<Gap> OwnersMissing(SocketInventory sockets, ImmutableArray<NetworkNamespace> namespaces, uint? observer)
    {
        Dictionary<ulong, NetworkNamespace> byInode = [];
        foreach (NetworkNamespace network in namespaces)
        {
            byInode.TryAdd(network.Inode, network);
        }

        int count = sockets.Sockets.Count(socket =>
            socket.Holders.IsEmpty && KernelSocket.Of(socket, byInode.GetValueOrDefault(socket.Namespace)) is null);
        if (sockets.Sockets.IsEmpty || (count == 0 && sockets.HoldersComplete))
        {
            yield break;
        }

        // Whoever could not be looked at may hold any of the sockets, also those that others hold too.
        string what = string.Create(CultureInfo.InvariantCulture, $"owner of {count} socket{(count == 1 ? "" : "s")}");
        what = sockets.HoldersComplete || count == sockets.Sockets.Length ? what
            : count == 0 ? "further holders of the sockets shown"
            : what + ", and further holders of the others";
        yield return sockets.HoldersComplete
            ? new Gap(
                what,
                $"no process has a descriptor of {(count == 1 ? "it" : "them")}: of the kernel's own that no file tells of (such as lockd), kept by io_uring, or hidden",
                "find out which; a hidden one is a reason for alarm")
            : new Gap(what, observer == 0 ? "some processes refuse to be read even by root" : "not root", observer == 0 ? null : "run with sudo");
    }
}
