using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Containers;

/// <summary>Containers by control group, with what the engines' own files tell of them.</summary>
internal sealed class LinuxContainers : IContainers
{
    private readonly ISource _source;

    internal LinuxContainers(ISource source) => _source = source;

    /// <inheritdoc/>
    public ContainerInventory Describe(IReadOnlyCollection<ProcessFacts> processes)
    {
        GapList gaps = new();
        Dictionary<(string Engine, string Id), ContainerFacts> found = [];
        foreach (ProcessFacts process in processes)
        {
            if (ContainerGroup.Of(process.Cgroup) is ContainerGroup group)
            {
                ContainerFacts known = found.GetValueOrDefault((group.Engine, group.Id)) ?? new ContainerFacts { Engine = group.Engine, Id = group.Id };
                found[(group.Engine, group.Id)] = known with { Namespace = known.Namespace ?? process.Namespace };
            }
        }

        foreach (ContainerFacts docker in DockerFiles.Running(_source, gaps))
        {
            ContainerFacts? seen = found.GetValueOrDefault(("docker", docker.Id));
            found[("docker", docker.Id)] = docker with { Namespace = docker.Namespace ?? seen?.Namespace };
        }

        foreach (ContainerFacts podman in PodmanFiles.Publishing(_source, processes, gaps))
        {
            found[("podman", podman.Id)] = podman with { Namespace = found.GetValueOrDefault(("podman", podman.Id))?.Namespace };
        }

        NameStored(found, processes, gaps);
        return new ContainerInventory(
            [.. found.Values.OrderBy(static one => one.Engine, StringComparer.Ordinal).ThenBy(static one => one.Id, StringComparer.Ordinal)],
            gaps.ToImmutable());
    }

    private void NameStored(Dictionary<(string Engine, string Id), ContainerFacts> found, IReadOnlyCollection<ProcessFacts> processes, GapList gaps)
    {
        Lazy<Dictionary<string, string>> names = new(() => StorageFiles.Names(_source, processes, gaps));
        foreach ((string Engine, string Id) key in found.Keys.ToArray())
        {
            found[key] = key.Engine switch
            {
                "podman" or "cri-o" => found[key] with { Name = names.Value.GetValueOrDefault(key.Id) ?? found[key].Name },

                // These engines know their containers by name only.
                "nspawn" or "lxc" or "libvirt-lxc" => found[key] with { Name = key.Id },
                _ => found[key],
            };
        }
    }

    /// <summary>The network namespace of a process, if it really is in that container: an engine's file may be old.</summary>
    internal static ulong? NamespaceOf(ISource source, int pid, string id)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        bool inside = source.File($"{directory}/cgroup").Text is string text && text.Contains(id, StringComparison.Ordinal);
        string[] status = inside ? (source.Status($"{directory}/ns/net").Text ?? string.Empty).Split(' ') : [];
        return status.Length == 6 && ulong.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode) ? inode : null;
    }
}
