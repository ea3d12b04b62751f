using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Containers;

/// <summary>The containers of Podman that publish ports: known by who holds the ports, and by what its network program keeps.</summary>
internal static class PodmanFiles
{
    private const string Folder = "/run/containers/networks/firewall/ports";

    // What forwards for the containers of an ordinary user tells nowhere for which of them.
    private static readonly string[] Forwarders = ["rootlessport", "slirp4netns", "pasta"];

    /// <summary>Those whose ports conmon holds, and those of which netavark keeps ports; the latter with the ports inside.</summary>
    internal static IEnumerable<ContainerFacts> Publishing(ISource source, IReadOnlyCollection<ProcessFacts> processes, GapList gaps)
    {
        Dictionary<string, ContainerFacts> found = new(StringComparer.Ordinal);
        foreach (ContainerFacts watched in processes.Select(Conmon.ContainerOf).OfType<ContainerFacts>())
        {
            found[watched.Id] = watched;
        }

        Answer directory = source.Directory(Folder);
        gaps.Check(directory, "published ports of podman");
        foreach ((char _, string name) in DirectoryListing.Of(directory).Where(static entry => entry.Kind == 'f'))
        {
            Answer answer = source.File($"{Folder}/{name}");
            if (!gaps.Check(answer, "published ports of podman"))
            {
                continue;
            }

            NetavarkPorts ports = NetavarkPorts.Parse(answer.Bytes);
            if (ports.Error is not null)
            {
                gaps.Add("published ports of podman", $"{Folder}/{name}: {ports.Error}");
            }

            if (ports.Id is string id && !ports.Published.IsEmpty)
            {
                // A container in two networks has a file for each, with the same ports.
                ContainerFacts container = found.GetValueOrDefault(id) ?? new ContainerFacts { Engine = "podman", Id = id };
                found[id] = container with { Published = [.. container.Published.Union(ports.Published)] };
            }
        }

        foreach (ProcessFacts forwarder in processes.Where(static one => Forwarders.Contains(one.Name.Split('.')[0])))
        {
            gaps.Add(
                string.Create(CultureInfo.InvariantCulture, $"containers behind the ports of {forwarder.Name} (process {forwarder.Pid})"),
                "no file tells which they are", $"run \"podman ps\" as {forwarder.User ?? "its user"}");
        }

        return found.Values;
    }
}
