using System.Collections.Generic;

namespace Portcullis.Core.Firewall;

/// <summary>What becomes of some packets of one arrival.</summary>
public sealed class ReachView
{
    private readonly RegionWalk _walk;
    private readonly int _function;

    internal ReachView(RegionWalk walk, int function)
    {
        _walk = walk;
        _function = function;
    }

    /// <summary>Adds the last port of each run of destination ports whose packets fare alike, port for port.</summary>
    public void AddPorts(ISet<int> lasts) => _walk.AddPorts(_function, lasts);

    /// <summary>The parts of the packets with one outcome each. Only one such list can be gone through at a time.</summary>
    /// <param name="port">The one destination port that is asked about; null for all.</param>
    public IEnumerable<ReachRegion> Regions(int? port) => _walk.Of(_function, port);
}
