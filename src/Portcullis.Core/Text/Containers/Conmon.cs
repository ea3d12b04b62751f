using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Containers;

/// <summary>
/// conmon(8), which Podman starts beside each container of root's, and which holds the host's ports that the container
/// publishes: the packets themselves are forwarded by the firewall, the sockets only keep the ports from others.
/// </summary>
public static class Conmon
{
    private const string Scope = "libpod-conmon-";

    /// <summary>The container that a process watches over, by its control group, else by its arguments ("-c ID -n NAME").</summary>
    /// <returns>Null for any other process, and for the conmon of another engine.</returns>
    public static ContainerFacts? ContainerOf(ProcessFacts process)
    {
        if (process.Name != "conmon")
        {
            return null;
        }

        string? named = (process.Cgroup ?? string.Empty).Split('/')
            .FirstOrDefault(static part => part.StartsWith(Scope, StringComparison.Ordinal) && part.EndsWith(".scope", StringComparison.Ordinal));
        string? id = named?[Scope.Length..^".scope".Length] ?? (IsPodmans(process.CommandLine) ? After(process.CommandLine, "-c") : null);
        return id is not null && ContainerGroup.IsId(id) ? new ContainerFacts { Engine = "podman", Id = id, Name = After(process.CommandLine, "-n") } : null;
    }

    private static bool IsPodmans(ImmutableArray<string> arguments) =>
        After(arguments, "--exit-command") is string command && command.EndsWith("/podman", StringComparison.Ordinal);

    private static string? After(ImmutableArray<string> arguments, string option)
    {
        int at = arguments.IndexOf(option);
        return at >= 0 && at + 1 < arguments.Length && arguments[at + 1].Length > 0 ? arguments[at + 1] : null;
    }
}
