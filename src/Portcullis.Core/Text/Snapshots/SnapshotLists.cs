using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Text.Snapshots;

/// <summary>
/// Finds lists that are null, or hold null, in a snapshot that was read: the serialiser holds required members to their
/// word, but not the elements of lists, nor lists that are values.
/// </summary>
internal static class SnapshotLists
{
    /// <summary>The first flaw; null for none.</summary>
    internal static string? Flaw(Snapshot snapshot) =>
        Outer(snapshot).FirstOrDefault(flaw => flaw is not null) ?? Inner(snapshot).FirstOrDefault(flaw => flaw is not null);

    private static IEnumerable<string?> Outer(Snapshot snapshot)
    {
        yield return Hole(snapshot.Namespaces, "namespaces");
        yield return Hole(snapshot.Sockets, "sockets");
        yield return snapshot.GroupPrograms is ImmutableArray<PacketProgram> programs ? Hole(programs, "groupPrograms") : null;
        yield return Hole(snapshot.Processes, "processes");
        yield return Hole(snapshot.Units, "units");
        yield return snapshot.Stopped is ImmutableArray<UnitFacts> stopped ? Hole(stopped, "stopped") : null;
        yield return snapshot.RuleLoaders is ImmutableArray<RuleLoader> loaders ? Hole(loaders, "ruleLoaders") : null;
        yield return Hole(snapshot.Containers, "containers");
        yield return Hole(snapshot.SuperServers, "superServers");
        yield return Hole(snapshot.Outside, "outside");
        yield return Hole(snapshot.Gaps, "gaps");
        yield return snapshot.Raw is ImmutableArray<RawAnswer> raw ? Hole(raw, "raw") : null;
    }

    // Only asked for once the outer lists are whole.
    private static IEnumerable<string?> Inner(Snapshot snapshot)
    {
        foreach (NetworkNamespace network in snapshot.Namespaces)
        {
            yield return Hole(network.Interfaces, "namespaces[].interfaces") ?? Hole(network.KernelServices, "namespaces[].kernelServices")
                ?? Hole(network.Programs, "namespaces[].programs");
            yield return network.Stack is ImmutableArray<StackSetting> stack ? Hole(stack, "namespaces[].stack") : null;
            yield return network.Peers is ImmutableArray<PeerCount> peers ? Hole(peers, "namespaces[].peers") : null;
            yield return network.Rules is RulesetDump rules ? Hole(rules.LegacyTables, "namespaces[].rules.legacyTables") ?? Hole(rules.Legacy, "namespaces[].rules.legacy") : null;
            foreach (NetworkInterface one in network.Interfaces)
            {
                yield return Absent(one.Addresses, "namespaces[].interfaces[].addresses");
            }
        }

        foreach (SocketFacts socket in snapshot.Sockets)
        {
            yield return Absent(socket.Holders, "sockets[].holders");
        }

        foreach (ProcessFacts process in snapshot.Processes)
        {
            yield return Hole(process.CommandLine, "processes[].commandLine");
        }

        foreach (UnitFacts unit in snapshot.Units)
        {
            yield return Hole(unit.DropIns, "units[].dropIns") ?? Hole(unit.Listens, "units[].listens");
        }

        foreach (UnitFacts unit in snapshot.Stopped ?? [])
        {
            yield return Hole(unit.DropIns, "stopped[].dropIns") ?? Hole(unit.Listens, "stopped[].listens");
        }

        foreach (OutsideView view in snapshot.Outside)
        {
            yield return Hole(view.Ports, "outside[].ports");
        }

        foreach (ContainerFacts container in snapshot.Containers)
        {
            yield return Hole(container.Published, "containers[].published");
        }
    }

    private static string? Hole<T>(ImmutableArray<T> list, string name)
        where T : class =>
        Absent(list, name) ?? (list.Contains(null!) ? $"at $.{name}: an element is null" : null);

    private static string? Absent<T>(ImmutableArray<T> list, string name) => list.IsDefault ? $"at $.{name}: a list is missing" : null;
}
