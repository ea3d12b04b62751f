using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>What super-servers (inetd(8), xinetd(8)) are told to listen for.</summary>
public interface ISuperServers
{
    /// <summary>Reads their configuration.</summary>
    SuperServerInventory Read();
}

/// <summary>Entries, and what could not be read.</summary>
public sealed record SuperServerInventory(ImmutableArray<SuperServerEntry> Entries, ImmutableArray<Gap> Gaps);
