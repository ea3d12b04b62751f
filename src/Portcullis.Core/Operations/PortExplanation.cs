using System.Collections.Immutable;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>All that is known of one port, in general and here.</summary>
public sealed record PortExplanation
{
    /// <summary>0 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The class of RFC 6335.</summary>
    public required PortClass Class { get; init; }

    /// <summary>What IANA has registered; null for nothing.</summary>
    public required RegistryEntry? Registered { get; init; }

    /// <summary>What is known of its usual use; null for nothing beyond the registry.</summary>
    public required PortFacts? Facts { get; init; }

    /// <summary>What holds it here.</summary>
    public required ImmutableArray<Listener> Holders { get; init; }

    /// <summary>Whether this machine was looked at.</summary>
    public required bool Looked { get; init; }

    /// <summary>What could not be seen of this machine.</summary>
    public required ImmutableArray<Gap> Gaps { get; init; }
}
