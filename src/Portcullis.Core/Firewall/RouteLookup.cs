using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Finds the interface by which packets leave.</summary>
internal static class RouteLookup
{
    /// <summary>The interface of the longest route to an address; null where none is known, or several tables or ways say several.</summary>
    internal static NetworkInterface? LeavingFor(IpAddress address, Arrival arrival) => LeavingFor(address, arrival.Routes ?? [], arrival.Interfaces);

    /// <summary>The same by other routes.</summary>
    internal static NetworkInterface? LeavingFor(IpAddress address, ImmutableArray<NetworkRoute> routes, ImmutableArray<NetworkInterface> interfaces)
    {
        int[] leaving =
        [
            .. routes.Where(one => address.IsIn(one.Prefix, one.Length)).GroupBy(one => one.Table)
                .SelectMany(table => table.Where(one => one.Length == table.Max(other => other.Length)))
                .Select(one => one.Interface).Distinct(),
        ];
        return leaving.Length == 1 ? interfaces.FirstOrDefault(one => one.Index == leaving[0]) : null;
    }
}
