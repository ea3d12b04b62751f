using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>A place from which this machine can be asked.</summary>
public interface IPeer
{
    /// <summary>Its name, as the user gave it.</summary>
    string Name { get; }

    /// <summary>Whether it is on this machine, so that no address of this machine can be another's over there.</summary>
    bool IsHere { get; }

    /// <summary>The address of this machine that it sees; null where it cannot tell.</summary>
    IpAddress? SeenAs { get; }

    /// <summary>Has ports of an address asked from there.</summary>
    /// <param name="address">The address.</param>
    /// <param name="tcp">The TCP ports.</param>
    /// <param name="udp">The UDP ports.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProbeException">It cannot be asked from there.</exception>
    ScanReport Scan(IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, CancellationToken cancellation);
}
