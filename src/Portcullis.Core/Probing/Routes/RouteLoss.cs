using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Routes;

/// <summary>Tells lost packets from routers that answer seldom: what is lost on the way is missing at every hop behind it, too.</summary>
public static class RouteLoss
{
    /// <summary>The hops, each with whether its missing answers mean loss.</summary>
    public static ImmutableArray<RouteHop> Judge(ImmutableArray<RouteHop> hops)
    {
        ImmutableArray<RouteHop>.Builder judged = ImmutableArray.CreateBuilder<RouteHop>(hops.Length);
        bool goesOn = hops.Length > 0 && hops[^1].IsTarget; // an end that never answers proves nothing
        for (int at = hops.Length - 1; at >= 0; at--)
        {
            goesOn &= hops[at].Answered < hops[at].Sent;
            judged.Add(hops[at] with { IsLossReal = goesOn });
        }

        judged.Reverse();
        return judged.MoveToImmutable();
    }
}
