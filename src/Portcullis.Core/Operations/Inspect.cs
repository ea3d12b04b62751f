using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Core.Operations;

/// <summary>Takes the facts of a machine: what listens, and who holds it.</summary>
public sealed class Inspect(Machine machine)
{
    /// <summary>Takes them.</summary>
    /// <param name="now">The present time, UTC.</param>
    /// <param name="hash">Whether executables are to be hashed.</param>
    public Snapshot Run(DateTimeOffset now, bool hash)
    {
        HostInventory host = machine.Host.Read();
        SocketInventory sockets = machine.Sockets.Read();

        HashSet<int> holders = [.. sockets.Sockets.SelectMany(socket => socket.Holders)];
        HashSet<int> insiders = [.. sockets.Namespaces.Select(one => one.Pid).OfType<int>()];
        ProcessInventory processes = machine.Processes.Describe([.. holders.Union(insiders)], hash);
        ContainerInventory containers = machine.Containers.Describe(processes.Processes);
        SuperServerInventory superServers = machine.SuperServers.Read();
        ServiceInventory services = machine.Services.Describe(UnitsOf(processes.Processes));

        // Ancestors are context; only who holds a socket is worth the search for a package.
        PackageSearch packages = new(
            machine.Packages, processes.Processes.Where(process => holders.Contains(process.Pid)), services.Units, superServers.Entries);
        Dictionary<int, ProcessFacts> byPid = processes.Processes.ToDictionary(process => process.Pid);
        foreach ((int pid, ProcessFacts process) in packages.Processes())
        {
            byPid[pid] = process;
        }

        ImmutableArray<UnitFacts> units = [.. services.Units.Select(packages.Of)];
        ImmutableArray<NetworkNamespace> namespaces = NamespaceNames.Assign(
            sockets.Namespaces, byPid, process => LastingUnit(process, units), containers.Containers);
        return new Snapshot
        {
            Schema = Snapshot.SchemaName,
            TakenAt = now,
            Host = host.Host,
            Observer = host.Observer,
            Namespaces = namespaces,
            Sockets = Sorted(sockets.Sockets),
            Processes = [.. byPid.Values.OrderBy(process => process.Pid)],
            Units = [.. units.OrderBy(unit => unit.Name, StringComparer.Ordinal).ThenBy(unit => unit.User)],
            Containers = [.. containers.Containers.OrderBy(one => one.Engine, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)],
            SuperServers = [.. superServers.Entries.Select(packages.Of)],
            Gaps =
            [
                .. host.Gaps, .. sockets.Gaps, .. OwnersMissing(sockets, namespaces, host.Observer), .. processes.Gaps,
                .. containers.Gaps, .. superServers.Gaps, .. services.Gaps, .. packages.Gaps.Distinct(),
            ],
        };
    }

    private static ImmutableArray<SocketFacts> Sorted(ImmutableArray<SocketFacts> sockets) =>
    [
        .. sockets.OrderBy(socket => socket.Namespace).ThenBy(socket => socket.Protocol).ThenBy(socket => socket.Port)
            .ThenBy(socket => socket.Address).ThenBy(socket => socket.Interface).ThenBy(socket => socket.Inode),
    ];

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
        int count = sockets.Sockets.Count(socket => socket.Holders.IsEmpty
            && !(socket.Protocol == Protocol.Udp
                && namespaces.Any(one => one.Inode == socket.Namespace && one.Interfaces.Any(link => link.TunnelPort == socket.Port))));
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
                $"no process has a descriptor of {(count == 1 ? "it" : "them")}: the kernel's own (such as NFS), kept by io_uring, or hidden",
                "find out which; a hidden one is a reason for alarm")
            : new Gap(what, observer == 0 ? "some processes refuse to be read even by root" : "not root", observer == 0 ? null : "run with sudo");
    }
}
