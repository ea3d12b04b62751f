using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Gives every network namespace a name that says to whom it belongs.</summary>
public static class NamespaceNames
{
    /// <summary>
    /// Names those without a name of their own after the container, the unit or the program inside; equal names get "#2", "#3" …
    /// </summary>
    /// <returns>The namespaces, the host's first, then by name.</returns>
    public static ImmutableArray<NetworkNamespace> Assign(
        ImmutableArray<NetworkNamespace> namespaces,
        IReadOnlyDictionary<int, ProcessFacts> processes,
        Func<ProcessFacts, string?> unitOf,
        ImmutableArray<ContainerFacts> containers)
    {
        List<NetworkNamespace> named = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (NetworkNamespace network in namespaces.Order(NamedFirst))
        {
            ProcessFacts? inside = network.Pid is int pid && processes.TryGetValue(pid, out ProcessFacts? process) ? process : null;
            string name =
                network.Name is { Length: > 0 } own ? own
                : containers.FirstOrDefault(one => one.Namespace == network.Inode) is ContainerFacts container ? container.Name ?? container.Id
                : inside is not null ? unitOf(inside) ?? Program(inside)
                : string.Create(CultureInfo.InvariantCulture, $"netns-{network.Inode}");
            string unique = name;
            for (int copy = 2; !taken.Add(unique); copy++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{name}#{copy}");
            }

            named.Add(network with { Name = unique });
        }

        return
        [
            .. named.Order(HostFirst),
        ];
    }

    private static Comparer<NetworkNamespace> NamedFirst { get; } = Comparer<NetworkNamespace>.Create(static (left, right) =>
        (left.Name.Length == 0).CompareTo(right.Name.Length == 0) is int byName and not 0 ? byName : left.Inode.CompareTo(right.Inode));

    private static Comparer<NetworkNamespace> HostFirst { get; } = Comparer<NetworkNamespace>.Create(static (left, right) =>
        (left.Name != NetworkNamespace.HostName).CompareTo(right.Name != NetworkNamespace.HostName) is int byHost and not 0
            ? byHost
            : string.CompareOrdinal(left.Name, right.Name));

    private static string Program(ProcessFacts process) =>
        process.Executable is string path ? path[(path.LastIndexOf('/') + 1)..] : process.Name;
}
