using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Model;

/// <summary>One network namespace (network_namespaces(7)): a stack with its own ports, interfaces and firewall.</summary>
public sealed record NetworkNamespace
{
    private readonly ImmutableArray<KernelService> _kernelServices;
    private readonly ImmutableArray<PacketProgram> _programs;

    /// <summary>The name of the namespace that Portcullis runs in.</summary>
    public const string HostName = "host";

    /// <summary>The namespace's inode in nsfs, which is its identity while it lives.</summary>
    public required ulong Inode { get; init; }

    /// <summary>
    /// "host" for the one that Portcullis runs in; else its name under /run/netns, or that of the container, unit or program it belongs to.
    /// Unique in a snapshot.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// A process inside it, or where nothing but sockets keeps it, one that holds such a socket; null where it is held by a mount
    /// or a descriptor only.
    /// </summary>
    public int? Pid { get; init; }

    /// <summary>Whether its sockets were read.</summary>
    public bool Inspected { get; init; }

    /// <summary>Its interfaces, by index.</summary>
    public ImmutableArray<NetworkInterface> Interfaces { get; init; } = [];

    /// <summary>The ports on which the kernel answers here by itself, as its files tell; tunnels stand with their interfaces.</summary>
    /// <remarks>Empty, too, in snapshots from before this was known.</remarks>
    public ImmutableArray<KernelService> KernelServices
    {
        get => _kernelServices.IsDefault ? [] : _kernelServices;
        init => _kernelServices = value;
    }

    /// <summary>
    /// The switches of its TCP/IP stack, by name; null where they were not read. Only those of the host's namespace are read:
    /// /proc/sys/net is that of whoever reads, and nothing is judged by the others'.
    /// </summary>
    public ImmutableArray<StackSetting>? Stack { get; init; }

    /// <summary>
    /// The TCP connections of those of its listeners that take them on every address and are not meant for everybody, by port; null
    /// where they were not asked for. Only those of the host's namespace are.
    /// </summary>
    public ImmutableArray<PeerCount>? Peers { get; init; }

    /// <summary>The routes of all tables but that of its own addresses, as the kernel told them; null where they were not read.</summary>
    public ImmutableArray<NetworkRoute>? Routes { get; init; }

    /// <summary>
    /// The BPF programs that decide about packets here beside the rules. Of those at netfilter's hooks the kernel does not tell the namespace:
    /// they stand with every one.
    /// </summary>
    /// <remarks>Empty, too, in snapshots from before this was known.</remarks>
    public ImmutableArray<PacketProgram> Programs
    {
        get => _programs.IsDefault ? [] : _programs;
        init => _programs = value;
    }

    /// <summary>Its firewall's rules; null where they were not read.</summary>
    public RulesetDump? Rules { get; init; }
}
