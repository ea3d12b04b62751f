using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Opens the ways to probe other hosts.</summary>
public interface IProbeDoors
{
    /// <summary>Whether packets of one's own can be sent and seen here; otherwise why not.</summary>
    /// <param name="why">Why not, such as "not root".</param>
    bool HasRawPackets(out string why);

    /// <summary>Whether an address is one of this machine.</summary>
    bool IsThisMachine(IpAddress address);

    /// <summary>Opens the way to one target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="kind">The kind of probes.</param>
    /// <param name="bait">Whether to open a port of one's own where the target is this machine.</param>
    /// <exception cref="ProbeException">There is none.</exception>
    IProbeDoor Open(IpAddress target, ProbeKind kind, bool bait);

    /// <summary>Asks open ports what answers there, many at a time, over ordinary connections.</summary>
    /// <param name="target">The target.</param>
    /// <param name="host">Its name, for protocols that want one; null for its address.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="progress">Told now and then how many are done; null for nobody.</param>
    /// <param name="cancellation">Ends it: those not done have no result.</param>
    ImmutableArray<DialogueResult?> Identify(IpAddress target, string? host, IReadOnlyList<(Protocol Protocol, ushort Port)> ports, Action<int>? progress, CancellationToken cancellation);
}
