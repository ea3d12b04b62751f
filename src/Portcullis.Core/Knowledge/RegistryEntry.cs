using System.Collections.Immutable;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>What IANA has registered for a port. It says what the port was given out for, not what uses it.</summary>
/// <param name="Ports">The port, or the range it belongs to.</param>
/// <param name="Protocol">The protocol that was asked for: UDP-Lite has UDP's entries.</param>
/// <param name="Names">The service names in the registry's order; never empty. The first is the official one, the others are aliases.</param>
/// <param name="Description">The registry's own words; null where it has none.</param>
public sealed record RegistryEntry(PortRange Ports, Protocol Protocol, ImmutableArray<string> Names, string? Description)
{
    /// <summary>The official service name.</summary>
    public string Name => Names[0];
}
