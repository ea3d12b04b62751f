using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Finds the interface by which packets leave.</summary>
internal static class RouteLookup
{
    /// <summary>The interface of the longest route to an address; null where none is known.</summary>
    internal static NetworkInterface? LeavingFor(IpAddress address, Arrival arrival)
    {
        NetworkRoute? route = arrival.Routes.Where(one => address.IsIn(one.Prefix, one.Length)).MaxBy(one => one.Length);
        return route is null ? null : arrival.Interfaces.FirstOrDefault(one => one.Index == route.Interface);
    }
}
