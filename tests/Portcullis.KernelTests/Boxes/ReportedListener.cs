using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// A listener as the contract's JSON tells of it. The tests have a reading of their own, so that a mistake in Portcullis's
/// model can't cancel itself out; tests/lab/oracle.py writes the same shape.
/// </summary>
public sealed record ReportedListener
{
    public required string Namespace { get; init; }

    public required string Protocol { get; init; }

    public string? Address { get; init; }

    public required string Family { get; init; }

    public required int Port { get; init; }

    public string? Interface { get; init; }

    public string? Key { get; init; }

    public required ImmutableArray<ReportedProcess> Processes { get; init; }

    public ReportedUnit? Unit { get; init; }

    public ReportedPackage? Package { get; init; }

    public ReportedContainer? Container { get; init; }

    public ReportedSuperServer? SuperServer { get; init; }

    public bool? Expected { get; init; }

    public string? Role { get; init; }

    public string? RoleService { get; init; }

    /// <summary>Who gets to it, zone by zone.</summary>
    public ImmutableArray<ReportedExposure> Exposure { get; init; } = [];

    /// <summary>Where it listens, in one line: what makes it this listener and no other.</summary>
    public string Place => string.Join('\t', Namespace, Protocol, Address, Family, Port, Interface ?? "-");

    /// <summary>
    /// Its row in an expected-*.tsv file. Ports that the daemon picks anew at every start are "*"; PIDs and versions differ
    /// from one boot and one month to the next, and are compared with what the tools inside say.
    /// </summary>
    public string ExpectedRow
    {
        get
        {
            // A container's unit is named by its id, and what is in its image belongs to no package of the host.
            bool inside = Container is { Published: null };
            return string.Join('\t', Namespace, Protocol, Address, Family, IsPicked ? "*" : Port.ToString(CultureInfo.InvariantCulture),
                Joined(Processes.Select(process => process.Name)), Joined(Processes.Select(process => process.Origin)),
                (inside ? null : Unit?.Name) ?? "-", (inside ? null : Unit?.ActivatedBy) ?? "-",
                (inside ? null : Unit?.Enabled) ?? "-", (inside ? null : Unit?.Preset) ?? "-",
                (inside ? null : Package?.Name) ?? "-", SuperServer?.Service ?? "-", Container?.Name ?? "-", Container?.Published ?? "-");
        }
    }

    // Above /proc/sys/net/ipv4/ip_local_port_range's lower end there is nothing fixed in these servers.
    private bool IsPicked => Port >= 32768;

    private static string Joined(IEnumerable<string?> values)
    {
        string joined = string.Join('+', values.Select(value => value ?? "?").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return joined.Length == 0 ? "-" : joined;
    }
}

/// <summary>How a zone fares.</summary>
public sealed record ReportedExposure(string Zone, string Verdict, string? Part);

/// <summary>One holder.</summary>
public sealed record ReportedProcess(int Pid, string? Name, string? Exe, string? User, bool? Deleted, string? Origin, bool? Packaged);

/// <summary>The unit.</summary>
public sealed record ReportedUnit(string Name, string? ActivatedBy, string? Enabled, string? Preset);

/// <summary>The package.</summary>
public sealed record ReportedPackage(string Name, string? Version, string Manager);

/// <summary>The container it is in, or, with "published", whose port it is.</summary>
public sealed record ReportedContainer(string Engine, string Id, string? Name, string? Published);

/// <summary>For whom a super-server listens.</summary>
public sealed record ReportedSuperServer(string Server, string Service, string? Program);
