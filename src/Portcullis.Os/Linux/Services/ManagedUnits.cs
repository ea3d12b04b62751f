using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>Describes the units of one manager.</summary>
internal sealed class ManagedUnits
{
    private readonly ISource _source;
    private readonly UnitTree _tree;
    private readonly UnitState _state;
    private readonly Lazy<Presets> _presets;
    private readonly Lazy<SpecifierValues> _values;
    private readonly Lazy<UnitFacts[]> _sockets;
    private readonly Lazy<HashSet<string>> _inUse;

    /// <param name="source">Where the files are read.</param>
    /// <param name="links">Resolves paths in the same source.</param>
    /// <param name="scope">Whose units.</param>
    /// <param name="running">The names of units known to be loaded; a socket unit that one of them names is in use.</param>
    /// <param name="gaps">Is told what could not be read.</param>
    internal ManagedUnits(ISource source, PathResolver links, UnitScope scope, IReadOnlyCollection<string> running, GapList gaps)
    {
        _source = source;
        _tree = new UnitTree(source, links, scope, gaps);
        _state = new UnitState(_tree);
        _presets = new Lazy<Presets>(() => PresetFiles.Read(source, scope, gaps));
        _values = new Lazy<SpecifierValues>(() => scope.Values with
        {
            HostName = Line("/proc/sys/kernel/hostname"),
            KernelRelease = Line("/proc/sys/kernel/osrelease"),
            BootId = Line("/proc/sys/kernel/random/boot_id")?.Replace("-", string.Empty, StringComparison.Ordinal),
            MachineId = Line("/etc/machine-id"),
        });
        _sockets = new Lazy<UnitFacts[]>(() =>
        [
            .. _tree.Names
                .Where(name => name.EndsWith(".socket", StringComparison.Ordinal) && UnitName.IsValid(name) && !UnitName.IsTemplate(name) && !_tree.IsAlias(name))
                .Order(StringComparer.Ordinal).Select(Describe).OfType<UnitFacts>(),
        ]);
        _inUse = new Lazy<HashSet<string>>(() => SocketUse.Of(
            Sockets,
            running.Where(static name => !name.EndsWith(".socket", StringComparison.Ordinal)),
            name => IsPulledIn(name) || source.Link($"{scope.State}/invocation:{name}").Ok,
            name => UnitName.IsValid(name) && _tree.FragmentOf(name) is string fragment ? _tree.LoadAll(fragment, _tree.DropInsOf(name)) : null));
    }

    /// <summary>Every socket unit that has a file.</summary>
    internal IReadOnlyList<UnitFacts> Sockets => _sockets.Value;

    /// <summary>The services that the owner wrote: those with a file of their own where "systemctl enable" writes.</summary>
    internal IEnumerable<string> OwnServices =>
        _tree.Directories.Where(directory => directory.Path == _tree.Scope.Persistent).SelectMany(static directory => directory.Files)
            .Where(static name => name.EndsWith(".service", StringComparison.Ordinal) && !UnitName.IsTemplate(name)).Order(StringComparer.Ordinal);

    /// <summary>Whether a link in the directory of another unit starts a unit together with that one.</summary>
    internal bool IsPulledIn(string name) => _tree.Directories.Any(directory => directory.PulledIn.Contains(name));

    /// <summary>What a unit runs when it is started, a command each; empty where that could not be read.</summary>
    internal IEnumerable<string> StartsWith(string name) =>
        _tree.FragmentOf(name) is string fragment && _tree.LoadAll(fragment, _tree.DropInsOf(name)) is UnitFile file
            ? file.Settings.Where(static setting => setting is { Section: "Service", Key: "ExecStart" or "ExecStartPre" or "ExecStartPost" }).Select(static setting => setting.Value)
            : [];

    /// <summary>Which of the named services have a file and do not run; null where that cannot be found out.</summary>
    internal HashSet<string>? Resting(IReadOnlyCollection<string> names)
    {
        Answer started = _source.Directory(_tree.Scope.State);
        return started.Ok || started.Error is Errno.ENOENT or Errno.ENOTDIR
            ? [.. new StoppedUnits(_source, _tree, started, []).Among(names)]
            : null;
    }

    /// <summary>The services among the named ones that are installed, could be started, and do not run.</summary>
    /// <param name="names">Names of units; a template stands for those of its instances that something pulls in.</param>
    /// <param name="running">Units known to run.</param>
    /// <param name="gaps">Is told where that cannot be found out.</param>
    /// <returns>They; null where it cannot be found out.</returns>
    internal ImmutableArray<UnitFacts>? Stopped(IReadOnlyCollection<string> names, IReadOnlyCollection<string> running, GapList gaps)
    {
        Answer started = _source.Directory(_tree.Scope.State);
        if (!gaps.Check(started, "which services are stopped") && started.Error is not (Errno.ENOENT or Errno.ENOTDIR))
        {
            return null;
        }

        return
        [
            .. new StoppedUnits(_source, _tree, started, running).Among(names).Select(Describe).OfType<UnitFacts>()
                .Where(static unit => !unit.Transient && unit.Enabled is not ("masked" or "masked-runtime")),
        ];
    }

    /// <summary>One unit; null where it has no file. A scope never has one of its own: programs make them (systemd.scope(5)).</summary>
    internal UnitFacts? Describe(string name)
    {
        bool scope = name.EndsWith(".scope", StringComparison.Ordinal);
        if (_tree.FragmentOf(name) is not string fragment || !_tree.Exists(fragment))
        {
            return scope ? new UnitFacts { Name = name, User = _tree.Scope.User, Transient = true } : null;
        }

        string[] dropIns = _tree.DropInsOf(name);
        UnitFile? file = _tree.LoadAll(fragment, dropIns);
        string? enabled = file is null ? null : _state.Of(name);
        UnitFacts facts = new()
        {
            Name = name,
            User = _tree.Scope.User,
            Fragment = fragment,
            DropIns = [.. dropIns],
            Enabled = enabled,
            Preset = _presets.Value.Of(fragment[(fragment.LastIndexOf('/') + 1)..]),
            Transient = scope || fragment.StartsWith(_tree.Scope.TransientDirectory + "/", StringComparison.Ordinal),
            Description = Resolved(file?.Last("Unit", "Description"), name),
            SourcePath = file?.Last("Unit", "SourcePath"),
        };
        return file is null || enabled is "masked" or "masked-runtime" ? facts
            : name.EndsWith(".socket", StringComparison.Ordinal) ? WithSocket(facts, file)
            : name.EndsWith(".service", StringComparison.Ordinal) ? facts with { ActivatedBy = ActivatorOf(name) }
            : facts;
    }

    private UnitFacts WithSocket(UnitFacts facts, UnitFile file)
    {
        SocketSection socket = SocketSection.Of(file, facts.Name, _values.Value);
        return facts with { Listens = socket.Listens, Activates = socket.Activates };
    }

    private string? ActivatorOf(string service) =>
        Sockets
            .Where(socket => (socket.Activates == service || (socket.Activates is not null && socket.Activates == UnitName.Template(service))) && _inUse.Value.Contains(socket.Name))
            .Min(ByInterestFor(service))?.Name;

    // Of several sockets, one that listens on the network is the one of interest; then the service's namesake.
    private static Comparer<UnitFacts> ByInterestFor(string service)
    {
        return Comparer<UnitFacts>.Create((left, right) =>
            Rank(left).CompareTo(Rank(right)) is int byRank and not 0 ? byRank : string.CompareOrdinal(left.Name, right.Name));

        int Rank(UnitFacts socket) =>
            (socket.Listens.Any(IsNetwork) ? 0 : 2) + (UnitName.Stem(socket.Name) == UnitName.Prefix(service) ? 0 : 1);
    }

    private static bool IsNetwork(string listen)
    {
        ReadOnlySpan<char> value = listen.AsSpan(listen.IndexOf('=', StringComparison.Ordinal) + 1);
        return value.Length > 0 && value[0] is not ('/' or '@')
            && listen.AsSpan(0, listen.Length - value.Length - 1) is "ListenStream" or "ListenDatagram" or "ListenSequentialPacket";
    }

    private string? Resolved(string? text, string name) =>
        text is null || !text.Contains('%', StringComparison.Ordinal) ? text : Specifiers.Resolve(text, name, _values.Value);

    private string? Line(string path) => _source.File(path).Text?.Split('\n')[0] is { Length: > 0 } line ? line : null;
}
