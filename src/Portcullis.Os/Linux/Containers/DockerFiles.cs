using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Containers;

/// <summary>What dockerd keeps on disk of its containers.</summary>
internal static class DockerFiles
{
    private const string Settings = "/etc/docker/daemon.json";
    private const string DefaultRoot = "/var/lib/docker";
    private const int Largest = 4 << 20;

    /// <summary>Every container that dockerd last wrote down as running: one may publish a port and hold no socket itself.</summary>
    internal static List<ContainerFacts> Running(ISource source, GapList gaps)
    {
        List<ContainerFacts> running = [];
        string folder = $"{RootOf(source, gaps)}/containers";
        Answer directory = source.Directory(folder);
        if (!gaps.Check(directory, "names and ports of docker's containers"))
        {
            return running;
        }

        foreach ((char kind, string id) in DirectoryListing.Of(directory))
        {
            string path = $"{folder}/{id}/config.v2.json";
            Answer answer = source.File(path, Largest);
            if (kind is 'f' or 'l' || !gaps.Check(answer, $"docker's container {id}"))
            {
                continue;
            }

            DockerContainer container = DockerContainer.Parse(answer.Bytes);
            if (container.Error is not null)
            {
                gaps.Add($"docker's container {id}", $"{path}: {container.Error}");
            }

            if (container.Running)
            {
                running.Add(new ContainerFacts
                {
                    Engine = "docker",
                    Id = id,
                    Name = container.Name,
                    Namespace = container.Pid is int pid ? LinuxContainers.NamespaceOf(source, pid, id) : null,
                    Published = container.Published,
                });
            }
        }

        return running;
    }

    private static string RootOf(ISource source, GapList gaps)
    {
        Answer answer = source.File(Settings);
        if (!gaps.Check(answer, "docker's settings"))
        {
            return DefaultRoot;
        }

        DockerSettings settings = DockerSettings.Parse(answer.Bytes);
        if (settings.Error is not null)
        {
            gaps.Add("docker's settings", $"{Settings}: {settings.Error}");
        }

        return settings.DataRoot ?? DefaultRoot;
    }
}
