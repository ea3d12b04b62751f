using System;
using System.Linq;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Core.Text.Containers;

/// <summary>The container that a control group belongs to, by the names that engines give their groups.</summary>
/// <param name="Engine">"docker", "podman", "containerd", "cri-o", "lxc", "nspawn" …; "kubernetes" where only the pod shows.</param>
/// <param name="Id">The engine's id; for nspawn and LXC the name.</param>
public sealed record ContainerGroup(string Engine, string Id)
{
    // Before the id in the name of a scope, or of a group below a service ("cri-containerd-ID.scope", "pod:cri-containerd:ID").
    private static readonly (string Prefix, string Engine)[] Prefixes =
    [
        ("docker", "docker"), ("libpod", "podman"), ("libpod-payload", "podman"), ("cri-containerd", "containerd"), ("nerdctl", "containerd"), ("crio", "cri-o"),
    ];

    /// <summary>The outermost container on the path: what runs inside it may name its groups as it likes.</summary>
    /// <returns>Null where no container is recognised; also for an engine's own watcher of a container (conmon, lxc monitor).</returns>
    public static ContainerGroup? Of(string? path)
    {
        if (path is null || path.Length == 0 || path[0] != '/')
        {
            return null;
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int at = 0; at < parts.Length; at++)
        {
            if (IsMonitor(parts[at]))
            {
                return null;
            }

            if ((ByName(parts[at]) ?? ByPlace(parts, at)) is ContainerGroup group)
            {
                return group;
            }
        }

        return null;
    }

    // Its monitor may do as it likes on the host, so it must not be taken for the container.
    private static bool IsMonitor(string part) =>
        part.StartsWith("libpod-conmon-", StringComparison.Ordinal)
        || part.StartsWith("crio-conmon-", StringComparison.Ordinal)
        || part.StartsWith("lxc.monitor", StringComparison.Ordinal);

    private static ContainerGroup? ByName(string part)
    {
        const string Payload = "lxc.payload.";
        const string Nspawn = "systemd-nspawn@";
        const string Machine = "machine-";
        if (part.StartsWith(Payload, StringComparison.Ordinal) && part.Length > Payload.Length)
        {
            return new ContainerGroup("lxc", part[Payload.Length..]);
        }

        if (part.StartsWith(Nspawn, StringComparison.Ordinal) && Between(part, Nspawn, ".service") is string instance)
        {
            return new ContainerGroup("nspawn", UnitName.Unescape(instance));
        }

        // systemd-machined(8) also registers virtual machines, which libvirt names so.
        if (part.StartsWith(Machine, StringComparison.Ordinal) && Between(part, Machine, ".scope") is string escaped)
        {
            string name = UnitName.UnescapeBytes(escaped);
            return name.StartsWith("qemu-", StringComparison.Ordinal) ? null : new ContainerGroup(name.StartsWith("lxc-", StringComparison.Ordinal) ? "libvirt-lxc" : "nspawn", name);
        }

        string bare = part.EndsWith(".scope", StringComparison.Ordinal) ? part[..^".scope".Length] : part;
        int cut = bare.LastIndexOfAny(['-', ':']);
        return cut <= 0 || !IsId(bare.AsSpan(cut + 1)) ? null : new ContainerGroup(EngineOf(bare[..cut]), bare[(cut + 1)..]);
    }

    private static ContainerGroup? ByPlace(string[] parts, int at)
    {
        string part = parts[at];
        string before = at == 0 ? string.Empty : parts[at - 1];
        if (before is "lxc" or "lxc.payload" && (at == 1 || parts[0] is "machine.slice"))
        {
            return new ContainerGroup("lxc", part);
        }

        if (!IsId(part) || at == 0)
        {
            return null;
        }

        string[] above = parts[..at];
        return new ContainerGroup(
            before is "docker" || above.Contains("docker") || above[0] is "ecs" ? "docker"
                : above.Any(static one => one is "libpod" or "libpod_parent") ? "podman"
                : above.Any(static one => one.StartsWith("kubepods", StringComparison.Ordinal)) ? "kubernetes"
                : before is "default" or "moby" or "k8s.io" or "nerdctl" ? "containerd"
                : before,
            part);
    }

    // An engine that is not known is named by what stands before the id ("garden-0123….scope").
    private static string EngineOf(string before)
    {
        string last = before[(before.LastIndexOf(':') + 1)..];
        foreach ((string prefix, string engine) in Prefixes)
        {
            if (last == prefix)
            {
                return engine;
            }
        }

        return last;
    }

    private static string? Between(string part, string prefix, string suffix) =>
        part.EndsWith(suffix, StringComparison.Ordinal) && part.Length > prefix.Length + suffix.Length ? part[prefix.Length..^suffix.Length] : null;

    /// <summary>Whether this is an id of the engines' common form: 64 hexadecimal digits in lower case.</summary>
    internal static bool IsId(ReadOnlySpan<char> text)
    {
        foreach (char digit in text)
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return false;
            }
        }

        return text.Length == 64;
    }
}
