using System;
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
    /// <param name="before">The first look.</param>
    /// <param name="after">The second.</param>
    /// <param name="isSameFlows">
    /// Whether both were by the same ports. Then a hop is another where one flow's answers differ: that a router has not answered proves
    /// nothing, since most limit how often they do. Other ports take other ways by chance: there only a new address is a change.
    /// </param>
    public static ImmutableArray<string> Between(ImmutableArray<RouteHop> before, ImmutableArray<RouteHop> after, bool isSameFlows)
    {
        List<string> lines = [];
        foreach (RouteHop hop in after)
        {
            RouteHop? old = before.FirstOrDefault(one => one.Hop == hop.Hop);
            if (old is { Addresses.IsEmpty: false } && !hop.Addresses.IsEmpty && IsAnother(old, hop, isSameFlows))
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

    /// <summary>
    /// The way as it is known after a second look: where nobody answered it, or not each flow, it is still that of the first, so that a change
    /// during an outage is noticed.
    /// </summary>
    /// <param name="before">The first look.</param>
    /// <param name="after">The second.</param>
    /// <param name="isSameFlows">Whether both were by the same ports.</param>
    public static ImmutableArray<RouteHop> Remember(ImmutableArray<RouteHop> before, ImmutableArray<RouteHop> after, bool isSameFlows)
    {
        ImmutableArray<RouteHop>.Builder known = ImmutableArray.CreateBuilder<RouteHop>();
        foreach (int number in before.Concat(after).Select(static hop => hop.Hop).Distinct().Order())
        {
            RouteHop? old = before.FirstOrDefault(hop => hop.Hop == number);
            RouteHop? now = after.FirstOrDefault(hop => hop.Hop == number);
            known.Add(now is null ? old! with { IsTarget = false } : old is null || IsAnother(old, now, isSameFlows) ? now : Joined(old, now, isSameFlows));
        }

        return known.ToImmutable();
    }

    private static RouteHop Joined(RouteHop old, RouteHop now, bool isSameFlows) => now with
    {
        Addresses = [.. old.Addresses.Union(now.Addresses).Order()],
        ByFlow = isSameFlows ? [.. Enumerable.Range(0, Math.Max(now.ByFlow.Length, old.ByFlow.Length)).Select(flow => now.ByFlow.ElementAtOrDefault(flow) ?? old.ByFlow.ElementAtOrDefault(flow))] : now.ByFlow,
    };

    private static bool IsAnother(RouteHop old, RouteHop hop, bool isSameFlows) => isSameFlows
        ? !old.Addresses.SequenceEqual(hop.Addresses) && old.ByFlow.Zip(hop.ByFlow).Any(static pair => pair.First is IpAddress one && pair.Second is IpAddress other && one != other)
        : hop.Addresses.Any(address => !old.Addresses.Contains(address));
}
