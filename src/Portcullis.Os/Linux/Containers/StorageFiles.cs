using System;
using System.Collections.Generic;
using System.Globalization;
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
        foreach (string storage in Places(source, processes))
        {
            Answer directory = source.Directory(storage);
            gaps.Check(directory, $"names of containers in {storage}");
            foreach ((char _, string name) in DirectoryListing.Of(directory).Where(static entry => entry.Name.EndsWith("-containers", StringComparison.Ordinal)))
            {
                Take(source, $"{storage}/{name}/containers.json", names, gaps);
                Take(source, $"{storage}/{name}/volatile-containers.json", names, gaps); // those of "podman run --rm"
            }
        }

        return names;
    }

    private static void Take(ISource source, string path, Dictionary<string, string> names, GapList gaps)
    {
        Answer answer = source.File(path, Largest);
        if (!gaps.Check(answer, $"names of containers in {path}"))
        {
            return;
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

    private static IEnumerable<string> Places(ISource source, IReadOnlyCollection<ProcessFacts> processes)
    {
        HashSet<uint> users =
        [
            .. processes.Where(static process => ContainerGroup.Of(process.Cgroup) is not null)
                .Select(static process => ControlGroup.UnitOf(process.Cgroup)?.User).OfType<uint>(),
        ];
        IEnumerable<string> system = ["/var/lib/containers/storage", "/run/containers/storage"];
        if (users.Count == 0)
        {
            return system;
        }

        Passwd passwd = Passwd.Parse(source.File("/etc/passwd", Largest).Text ?? string.Empty);
        return
        [
            .. system,
            .. users.Order().Select(user => passwd.Of(user)?.Home).OfType<string>().Where(static home => home.Length > 1).Select(static home => $"{home.TrimEnd('/')}/.local/share/containers/storage"),
            .. users.Order().Select(static user => string.Create(CultureInfo.InvariantCulture, $"/run/user/{user}/containers")),
        ];
    }
}
