using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Opens the ways to other places from which this machine can be asked.</summary>
public interface IPeers
{
    /// <summary>Opens the way to one.</summary>
    /// <param name="name">"netns:NAME" for a network namespace of this machine, else where ssh(1) connects to.</param>
    /// <param name="program">By which command Portcullis runs over there.</param>
    /// <exception cref="ProbeException">There is none.</exception>
    IPeer Open(string name, string program);

    /// <summary>Begins to look out for the first packets of TCP connections that come in to this machine.</summary>
    /// <param name="version">Of which IP version.</param>
    /// <param name="why">Why that is not possible; empty where it is.</param>
    /// <returns>The lookout; null where there is none.</returns>
    IArrivals? Watch(IpVersion version, out string why);
}
