using System;
using System.Collections.Immutable;
using System.Linq;

namespace Portcullis.Core.Policy;

/// <summary>What a machine is for: an allow-list. What it does not allow is a finding.</summary>
public sealed record HostPolicy
{
    /// <summary>The file that it is from, or "--role".</summary>
    public required string Source { get; init; }

    /// <summary>Its zones, without the built-in ones, as they stand in it.</summary>
    public ImmutableArray<Zone> Zones { get; init; } = [];

    /// <summary>The roles of the machine, as they stand in it.</summary>
    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>The exceptions, as they stand in it.</summary>
    public ImmutableArray<Allowance> Allow { get; init; } = [];

    /// <summary>What may be scanned from here.</summary>
    public ImmutableArray<ScanTarget> Targets { get; init; } = [];

    /// <summary>Whether the policy knows the zone: by definition, or because every policy does.</summary>
    public bool Knows(string zone) => Zone.IsBuiltIn(zone) || Zones.Any(one => one.Name.Equals(zone, StringComparison.Ordinal));

    /// <summary>The zones that may reach a role's service under this policy.</summary>
    public ImmutableArray<string> SourcesOf(RoleService service)
    {
        ImmutableArray<string> known = [.. service.From.Where(Knows)];
        return known.IsEmpty && service.Else is string other ? [other] : known;
    }
}
