using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Changes;
using Portcullis.Os.Linux.Containers;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Host;
using Portcullis.Os.Linux.Packages;
using Portcullis.Os.Linux.Packets;
using Portcullis.Os.Linux.Peers;
using Portcullis.Os.Linux.Processes;
using Portcullis.Os.Linux.Rules.Given;
using Portcullis.Os.Linux.Services;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Portcullis.Os.Linux.Stack;
using Portcullis.Os.Linux.SuperServers;
using Portcullis.Os.Linux.Tracing;
using Portcullis.Os.Linux.Twins;

namespace Portcullis.Os.Linux;

/// <summary>Puts together a Linux machine out of its doors: the live ones, or a recording of them.</summary>
public sealed class LinuxMachine : IMachineSource
{
    /// <inheritdoc/>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public IGivenRules GivenRules { get; } = new LoadedRules();

    /// <inheritdoc/>
    public IProbeDoors Probes { get; } = new ProbeDoors();

    /// <inheritdoc/>
    public ITraceDoors Traces { get; } = new TraceDoors(new ProbeDoors());

    /// <inheritdoc/>
    public IPeers Peers { get; } = new LinuxPeers(new ProbeDoors());

    /// <inheritdoc/>
    public ITwins Twins { get; } = new LinuxTwins();

    /// <inheritdoc/>
    public RecordedMachine Live(bool record)
    {
        LiveSource files = new();
        LiveNetworkSource network = new();
        BpfHolderScan scan = new(new ProcHolderScan());
        LiveToolRunner tools = new();
        LiveProgramSource programs = new();
        if (!record)
        {
            return new RecordedMachine(Of(files, network, scan, tools, programs), Answers: null);
        }

        Recorder recorder = new(files, network, scan, tools, programs);
        return new RecordedMachine(Of(recorder.Files, recorder, recorder, recorder, recorder), () => recorder.Answers);
    }

    /// <inheritdoc/>
    public Machine Replay(ImmutableArray<RawAnswer> answers)
    {
        Player player = new(answers);
        return Of(player.Files, player, player, player, player);
    }

    /// <inheritdoc/>
    public ChangeTools Changes()
    {
        StateFolder state = new(StateFolder.Usual);
        FileJournal journal = new(state);
        return new ChangeTools(journal, new NftTable(), new Reverter(journal, state), new BootUnit(state));
    }

    /// <inheritdoc/>
    public RemoteSession? Session() => OwnSession.Find(new LiveSource());

    private static Machine Of(ISource files, INetworkSource network, IHolderScan scan, IToolRunner tools, IProgramSource programs) => new()
    {
        Host = new LinuxHost(files),
        Sockets = new LinuxSockets(files, network, scan, programs),
        Processes = new LinuxProcesses(files),
        Services = new SystemdServices(files),
        Packages = new RootedPackages(files, tools),
        Containers = new LinuxContainers(files),
        Stack = new LinuxStack(files, network),
        SuperServers = new LinuxSuperServers(files),
    };

    /// <summary>Asks the package databases of whichever root directory a process has; tools run only in our own.</summary>
    private sealed class RootedPackages(ISource files, IToolRunner tools) : IPackages
    {
        public PackageInventory OwnersOf(IReadOnlyCollection<string> paths, int? insideRootOf) =>
            (insideRootOf is int pid
                ? new PackageDatabases(files.InRoot(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root")))
                : new PackageDatabases(files, tools))
            .OwnersOf(paths);
    }
}
