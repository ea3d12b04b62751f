using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Model;

/// <summary>
/// A BPF program that decides about incoming packets beside the firewall's rules. What it does is not worked out. Those of XDP and of
/// tc(8)'s filters stand with their interface.
/// </summary>
public sealed record PacketProgram
{
    private readonly ImmutableArray<ulong> _sees;

    /// <summary>What a gap is called that is about those of network namespaces.</summary>
    public const string GapName = "BPF programs beside the firewall rules";

    /// <summary>What a gap is called that is about those of control groups.</summary>
    public const string GroupGapName = "BPF programs of control groups";

    /// <summary>Where it sees packets.</summary>
    public required ProgramHook Hook { get; init; }

    /// <summary>The kernel's number of it, by which bpftool(8) shows it.</summary>
    public required uint Id { get; init; }

    /// <summary>The name that it was loaded with, at most 15 bytes; null where it has none or that was not told.</summary>
    public string? Name { get; init; }

    /// <summary>The index of the interface that it is attached to; null for none.</summary>
    public int? Interface { get; init; }

    /// <summary>For netfilter the IP version of the packets that it sees; null for none, or both.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>For netfilter the hook; null for none, or one that is not known.</summary>
    public HookPoint? Point { get; init; }

    /// <summary>The directory of the control group that it is attached to; null for none, or one that is not seen from here.</summary>
    public string? ControlGroup { get; init; }

    /// <summary>Of the control groups in which listening sockets were made, those whose packets it sees, by number (<see cref="SocketFacts.CgroupId"/>).</summary>
    public ImmutableArray<ulong> Sees
    {
        get => _sees.IsDefault ? [] : _sees;
        init => _sees = value;
    }
}
