using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>
/// Hides who and where in a snapshot, so that it can be shown to strangers: names of the host, of users, containers, namespaces,
/// of files and units that no package brought; addresses, and command lines. What was equal stays equal, scopes stay scopes,
/// and what a package brought keeps its name, since that is public.
/// </summary>
public sealed class Redaction
{
    private readonly Dictionary<(string Kind, string Name), string> _names = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<IpAddress, IpAddress> _addresses = [];
    private readonly HashSet<string> _ownUnits;
    private readonly List<string> _containerIds;

    private Redaction(Snapshot snapshot)
    {
        _ownUnits = [.. snapshot.Units.Concat(snapshot.Stopped ?? []).Where(unit => unit.Package is null).Select(unit => unit.Name)];
        _containerIds = [.. snapshot.Containers.Select(container => container.Id).Distinct()];
    }

    /// <summary>Rules name addresses, ports, comments and sets in too many ways to hide them one by one.</summary>
    private static Gap HiddenRules { get; } = new("firewall rules", "left out of a redacted snapshot", null);

    /// <summary>The snapshot without names and addresses, and without its firewall's rules and raw answers.</summary>
    public static Snapshot Of(Snapshot snapshot)
    {
        Redaction redaction = new(snapshot);
        return snapshot with
        {
            Host = snapshot.Host with { Name = "host" },
            Namespaces = [.. snapshot.Namespaces.Select(redaction.Of)],
            Sockets = [.. snapshot.Sockets.Select(socket => socket with { Address = socket.Address is IpAddress address ? redaction.Of(address) : null })],
            GroupPrograms = snapshot.GroupPrograms?.Select(redaction.Of).ToImmutableArray(),
            Processes = [.. snapshot.Processes.Select(redaction.Of)],
            Units = [.. snapshot.Units.Select(redaction.Of)],
            Stopped = snapshot.Stopped?.Select(redaction.Of).ToImmutableArray(),
            RuleLoaders = snapshot.RuleLoaders?.Select(redaction.Of).ToImmutableArray(),
            Containers = [.. snapshot.Containers.Select(redaction.Of)],
            SuperServers = [.. snapshot.SuperServers.Select(redaction.Of)],
            Outside = [.. snapshot.Outside.Select(redaction.Of)],
            Gaps = snapshot.Namespaces.Any(network => network.Rules is not null) ? [.. snapshot.Gaps, HiddenRules] : snapshot.Gaps,
            Raw = null,
        };
    }

    private NetworkNamespace Of(NetworkNamespace network) => network with
    {
        Name = network.Name == NetworkNamespace.HostName ? network.Name : Name("namespace", network.Name),
        Interfaces =
        [
            .. network.Interfaces.Select(one => one with
            {
                Name = one.IsLoopback ? one.Name : Name("if", one.Name),
                Addresses = [.. one.Addresses.Select(Of)],
            }),
        ],
        Stack = network.Stack?.Select(setting => Of(setting, network.Interfaces)).OrderBy(setting => setting.Name, StringComparer.Ordinal).ToImmutableArray(),
        Programs = [.. network.Programs.Select(Of)],
        Rules = null,
    };

    private OutsideView Of(OutsideView view) => view with
    {
        From = view.IsTwin ? view.From : Name("peer", view.From),
        Address = Of(view.Address),
        Source = view.Source is IpAddress source ? Of(source) : null,
        Destination = view.Destination is IpAddress destination ? Of(destination) : null,
        Interface = view.Interface is string name ? Name("if", name) : null,
    };

    private PacketProgram Of(PacketProgram program) => program with
    {
        Name = program.Name is string name && !name.StartsWith("sd_", StringComparison.Ordinal) ? Name("program", name) : program.Name, // systemd's own
        ControlGroup = Cgroup(program.ControlGroup),
    };

    private StackSetting Of(StackSetting setting, ImmutableArray<NetworkInterface> interfaces)
    {
        string[] parts = setting.Name.Split('.');
        if (parts is ["net", _, "conf", _, _] && parts[3] is not ("all" or "default") && !interfaces.Any(one => one.IsLoopback && one.Name == parts[3]))
        {
            parts[3] = Name("if", parts[3].Replace('/', '.'));
        }

        return new StackSetting(string.Join('.', parts), setting.Value, null);
    }

    private ProcessFacts Of(ProcessFacts process) => process with
    {
        Name = process.Packaged == true || process.Origin == ExecutableOrigin.Kernel || process.Pid == 1 ? process.Name : Name("process", process.Name),
        Executable = process.Packaged == true ? process.Executable : Path(process.Executable),
        CommandLine = [],
        User = process.User is "root" or null || uint.TryParse(process.User, out _) ? process.User : Name("user", process.User),
        Cgroup = Cgroup(process.Cgroup),
        Script = Path(process.Script),
        Sha256 = process.Packaged == true ? process.Sha256 : null,
    };

    private UnitFacts Of(UnitFacts unit) => unit.Package is not null
        ? unit with { DropIns = [.. unit.DropIns.Select(Path).OfType<string>()], Listens = [] }
        : unit with
        {
            Name = UnitName(unit.Name),
            Fragment = Path(unit.Fragment),
            DropIns = [.. unit.DropIns.Select(Path).OfType<string>()],
            Description = null,
            Activates = unit.Activates is null ? null : UnitName(unit.Activates),
            ActivatedBy = unit.ActivatedBy is null ? null : UnitName(unit.ActivatedBy),
            Listens = [],
            SourcePath = Path(unit.SourcePath),
        };

    private RuleLoader Of(RuleLoader loader) => !loader.IsOwn ? loader : loader with
    {
        Name = Name("loader", loader.Name),
        Unit = loader.Unit is null ? null : Name("unit", loader.Unit) + ".service",
        File = Path(loader.File),
    };

    private ContainerFacts Of(ContainerFacts container) => container with
    {
        Id = ContainerId(container.Id),
        Name = container.Name is null ? null : Name("container", container.Name),
        Published = [.. container.Published.Select(port => port with { Address = Of(port.Address) })],
    };

    private SuperServerEntry Of(SuperServerEntry entry) => entry with
    {
        Address = entry.Address is IpAddress address ? Of(address) : null,
        User = entry.User is null or "root" ? entry.User : Name("user", entry.User),
        Program = entry.Package is null ? Path(entry.Program) : entry.Program,
    };

    private string? Cgroup(string? path)
    {
        if (path is null)
        {
            return null;
        }

        string hidden = string.Join('/', path.Split('/').Select(UnitName));
        return _containerIds.Aggregate(hidden, (text, id) => text.Replace(id, ContainerId(id), StringComparison.Ordinal));
    }

    /// <summary>Another number of the same form, by which a control group is still recognised as the container's.</summary>
    private string ContainerId(string id) =>
        id.Length >= 12 && id.All(char.IsAsciiHexDigitLower)
            ? string.Create(CultureInfo.InvariantCulture, $"{_containerIds.IndexOf(id) + 1}").PadLeft(id.Length, '0')
            : Name("container", id);

    private string UnitName(string name)
    {
        int dot = name.LastIndexOf('.');
        return _ownUnits.Contains(name) && dot > 0 ? Name("unit", name) + name[dot..] : name;
    }

    private string? Path(string? path) => path is null ? null : "/" + Name("path", path);

    private string Name(string kind, string name)
    {
        if (!_names.TryGetValue((kind, name), out string? hidden))
        {
            int number = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            _names[(kind, name)] = hidden = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
        }

        return hidden;
    }

    /// <summary>An address of the same version and scope; what names no host in particular stays.</summary>
    private IpAddress Of(IpAddress address)
    {
        Scope scope = AddressScope.Of(address, null);
        if (scope is Scope.Any or Scope.Loopback)
        {
            return address;
        }

        if (_addresses.TryGetValue(address, out IpAddress hidden))
        {
            return hidden;
        }

        uint number = (uint)_addresses.Count + 1;
        return _addresses[address] = (address.Unmapped().Version, scope) switch
        {
            (IpVersion.V4, Scope.Link) => IpAddress.FromV4(0xa9fe_0000 + number), // 169.254.0.0/16
            (IpVersion.V4, Scope.Private) => IpAddress.FromV4(0x0a00_0000 + number), // 10.0.0.0/8
            (IpVersion.V4, _) => IpAddress.FromV4(0xc633_6400 + number), // 198.51.100.0/24 of RFC 5737, and on where 254 don't do
            (IpVersion.V6, Scope.Link) => IpAddress.FromV6(0xfe80UL << 48, number),
            (IpVersion.V6, Scope.Private) => IpAddress.FromV6(0xfd00UL << 48, number),
            _ => IpAddress.FromV6(0x2001_0db8UL << 32, number), // RFC 3849
        };
    }
}
