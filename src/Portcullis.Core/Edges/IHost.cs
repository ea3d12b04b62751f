using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Which machine this is, and with what rights it is looked at.</summary>
public interface IHost
{
    /// <summary>Reads the facts.</summary>
    HostInventory Read();
}

/// <summary>The machine and the observer.</summary>
/// <param name="Host">Which machine.</param>
/// <param name="Observer">The effective user id of this process; null where the system has none.</param>
/// <param name="Gaps">What could not be read.</param>
public sealed record HostInventory(HostFacts Host, uint? Observer, ImmutableArray<Gap> Gaps);
