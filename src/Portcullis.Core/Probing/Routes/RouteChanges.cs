using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Routes;

/// <summary>What changed on the way between two looks at it.</summary>
public static class RouteChanges
{
    /// <summary>A line for each hop that is another; none where the network only balances, or nobody answered in one of the looks.</summary>
    public static ImmutableArray<string> Between(ImmutableArray<RouteHop> before, ImmutableArray<RouteHop> after)
    {
        List<string> lines = [];
        foreach (RouteHop hop in after)
        {
            RouteHop? old = before.FirstOrDefault(one => one.Hop == hop.Hop);
            if (old is { Addresses.IsEmpty: false } && !hop.Addresses.IsEmpty && !old.Addresses.SequenceEqual(hop.Addresses))
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"hop {hop.Hop} was {string.Join(" or ", old.Addresses)}, and is {string.Join(" or ", hop.Addresses)}"));
            }
        }

        RouteHop? end = before.FirstOrDefault(static hop => hop.IsTarget);
        RouteHop? now = after.FirstOrDefault(static hop => hop.IsTarget);
        if (end?.Hop != now?.Hop)
        {
            lines.Add(now is null ? "the target is no longer reached"
                : end is null ? string.Create(CultureInfo.InvariantCulture, $"the target is reached, at hop {now.Hop}")
                : string.Create(CultureInfo.InvariantCulture, $"the way has {now.Hop} hops, and had {end.Hop}"));
        }

        return [.. lines];
    }
}
