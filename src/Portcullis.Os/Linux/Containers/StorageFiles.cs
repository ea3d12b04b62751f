using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Containers;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Containers;

/// <summary>What containers-storage (Podman, CRI-O) keeps on disk: for each storage driver a list of containers with their names.</summary>
internal static class StorageFiles
{
    private const int Largest = 16 << 20;

    /// <summary>Names by id: the system's, and those of every user who has one of the processes.</summary>
    internal static Dictionary<string, string> Names(ISource source, IReadOnlyCollection<ProcessFacts> processes, GapList gaps)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string storage in Homes(source, processes).Select(static home => $"{home}/.local/share/containers/storage").Prepend("/var/lib/containers/storage"))
        {
            Answer directory = source.Directory(storage);
            gaps.Check(directory, $"names of containers in {storage}");
            foreach ((char _, string name) in DirectoryListing.Of(directory).Where(static entry => entry.Name.EndsWith("-containers", StringComparison.Ordinal)))
            {
                string path = $"{storage}/{name}/containers.json";
                Answer answer = source.File(path, Largest);
                if (!gaps.Check(answer, $"names of containers in {path}"))
                {
                    continue;
                }

                PodmanContainers containers = PodmanContainers.Parse(answer.Bytes);
                if (containers.Error is not null)
                {
                    gaps.Add("names of containers", $"{path}: {containers.Error}");
                }

                foreach ((string id, string called) in containers.Names)
                {
                    names.TryAdd(id, called);
                }
            }
        }

        return names;
    }

    private static List<string> Homes(ISource source, IReadOnlyCollection<ProcessFacts> processes)
    {
        HashSet<uint> users =
        [
            .. processes.Where(static process => ContainerGroup.Of(process.Cgroup) is not null)
                .Select(static process => ControlGroup.UnitOf(process.Cgroup)?.User).OfType<uint>(),
        ];
        if (users.Count == 0)
        {
            return [];
        }

        Passwd passwd = Passwd.Parse(source.File("/etc/passwd", Largest).Text ?? string.Empty);
        return [.. users.Order().Select(user => passwd.Of(user)?.Home).OfType<string>().Where(static home => home.Length > 1).Select(static home => home.TrimEnd('/'))];
    }
}
