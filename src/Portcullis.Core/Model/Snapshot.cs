using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>
/// All that was true of a machine at one moment, as far as it could be seen. Immutable and serialisable; everything that
/// Portcullis says about a machine is a function of this value.
/// </summary>
public sealed record Snapshot
{
    /// <summary>The name and version of this shape when serialised.</summary>
    public const string SchemaName = "portcullis/snapshot/1";

    /// <summary>Always <see cref="SchemaName"/>; any other is refused by the reader.</summary>
    public required string Schema { get; init; }

    /// <summary>When the facts were taken, UTC.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Which machine.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>The effective user id that looked; 0 is root, whose sight is complete. Null where the system has none.</summary>
    public uint? Observer { get; init; }

    /// <summary>
    /// Whether the descriptors of every process of the machine were read, so that a socket without holders has none that shows
    /// itself. False, too, in a PID namespace of a container, since those outside are not seen from there. Null where it is not known.
    /// </summary>
    public bool? SeesEveryProcess { get; init; }

    /// <summary>The network namespaces, the host's first, then by name.</summary>
    public required ImmutableArray<NetworkNamespace> Namespaces { get; init; }

    /// <summary>The sockets, sorted.</summary>
    public required ImmutableArray<SocketFacts> Sockets { get; init; }

    /// <summary>
    /// The BPF programs of control groups that see what comes in to the sockets made in them; null where they were not asked for. Those of
    /// a network namespace stand with it.
    /// </summary>
    public ImmutableArray<PacketProgram>? GroupPrograms { get; init; }

    /// <summary>The processes that hold them and their ancestors, by PID.</summary>
    public ImmutableArray<ProcessFacts> Processes { get; init; } = [];

    /// <summary>The units that these processes belong to, and every socket unit; by name.</summary>
    public ImmutableArray<UnitFacts> Units { get; init; } = [];

    /// <summary>
    /// The services of the system that are known to listen when they run, are installed and do not run; by name. Null where
    /// they were not looked for. Socket units that do not listen stand among <see cref="Units"/>.
    /// </summary>
    public ImmutableArray<UnitFacts>? Stopped { get; init; }

    /// <summary>
    /// What would load firewall rules when the machine starts, or has: known programs that are installed, and the owner's own units and
    /// scripts; by name. Null where that was not looked for, as where systemd does not run.
    /// </summary>
    public ImmutableArray<RuleLoader>? RuleLoaders { get; init; }

    /// <summary>The containers, by engine and id.</summary>
    public ImmutableArray<ContainerFacts> Containers { get; init; } = [];

    /// <summary>What super-servers listen for, in the order of their configuration.</summary>
    public ImmutableArray<SuperServerEntry> SuperServers { get; init; } = [];

    /// <summary>What packets from elsewhere found, where that was asked for; by who asked and address.</summary>
    public ImmutableArray<OutsideView> Outside { get; init; } = [];

    /// <summary>What was not seen, and why.</summary>
    public required ImmutableArray<Gap> Gaps { get; init; }

    /// <summary>The undecoded answers of kernel and files, where they were asked for.</summary>
    public ImmutableArray<RawAnswer>? Raw { get; init; }
}
