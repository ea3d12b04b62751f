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
}
