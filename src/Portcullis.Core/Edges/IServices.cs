using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>What the service manager knows of its units.</summary>
public interface IServices
{
    /// <summary>Describes the named units as far as they exist, every socket unit of the system, and which services are stopped.</summary>
    /// <param name="units">The units of running processes.</param>
    /// <param name="listening">The names of services that are known to listen when they run, templates among them.</param>
    ServiceInventory Describe(IReadOnlyCollection<UnitReference> units, IReadOnlyCollection<string> listening);
}

/// <summary>Names one unit.</summary>
/// <param name="Name">With its suffix, such as "ssh.service".</param>
/// <param name="User">Whose manager runs it; null for the system's.</param>
public sealed record UnitReference(string Name, uint? User);

/// <summary>Units, and what could not be found out about them.</summary>
public sealed record ServiceInventory(ImmutableArray<UnitFacts> Units, ImmutableArray<Gap> Gaps)
{
    /// <summary>Those of the services known to listen that are installed and do not run; null where that was not found out.</summary>
    public ImmutableArray<UnitFacts>? Stopped { get; init; }

    /// <summary>What loads firewall rules when the machine starts, by name; null where that was not found out.</summary>
    public ImmutableArray<RuleLoader>? RuleLoaders { get; init; }
}
