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

    /// <summary>
    /// Begins to find out whether a target is there that will be probed within the next minute: what is not takes seconds to be known,
    /// and many can be waited for at once. Nothing happens where no such asking is (behind a router, on this machine).
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="link">The interface that leads to it, for addresses that mean another host on each; 0 for any.</param>
    void AskAhead(IpAddress target, int link);

    /// <summary>Opens the way to one target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="link">The interface that leads to it, for addresses that mean another host on each; 0 for any.</param>
    /// <param name="kind">The kind of probes.</param>
    /// <param name="asked">The ports that are asked: where the target is this machine, a TCP port of one's own is opened beside them, or where they are all among them.</param>
    /// <exception cref="ProbeException">There is none.</exception>
    IProbeDoor Open(IpAddress target, int link, ProbeKind kind, ImmutableArray<ushort> asked);

    /// <summary>Asks open ports what answers there, many at a time, over ordinary connections.</summary>
    /// <param name="target">The target.</param>
    /// <param name="link">The interface that leads to it, for addresses that mean another host on each; 0 for any.</param>
    /// <param name="host">Its name, for protocols that want one; null for its address.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="progress">Told now and then how many are done; null for nobody.</param>
    /// <param name="cancellation">Ends it: those not done have no result.</param>
    ImmutableArray<DialogueResult?> Identify(IpAddress target, int link, string? host, IReadOnlyList<(Protocol Protocol, ushort Port)> ports, Action<int>? progress, CancellationToken cancellation);
}
