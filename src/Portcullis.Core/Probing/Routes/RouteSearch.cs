using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;

namespace Portcullis.Core.Probing.Routes;

/// <summary>
/// Finds the way to a port by probes that may pass one router, two, three … Each flow keeps its ports, as balancing routers choose the
/// way by these (B. Augustin et al., "Avoiding traceroute anomalies with Paris traceroute", 2006); other flows show other ways.
/// A step machine without clock and chance.
/// </summary>
public sealed class RouteSearch
{
    /// <summary>How many flows are tried: all of them go one of two equal ways once in 128 times.</summary>
    public const int Flows = 8;

    /// <summary>The most routers on the way.</summary>
    public const int MostHops = 30;

    private const int Ahead = 4; // hops beyond the last that answered
    private const int Stride = 1000; // between the numbers of two probes: none is in the other's window
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(2);

    // Linux's routers answer six at once and then one a second (icmp_ratelimit): eight flows must not come faster than that allows.
    private static readonly TimeSpan BetweenFlows = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SequenceNumber _base;
    private readonly Sent[,] _probes = new Sent[Flows, MostHops + 1];
    private readonly int[] _limits = new int[Flows];
    private readonly int[] _next = new int[Flows];
    private readonly int[] _target = new int[Flows]; // the hop at which the target answered; 0 where it has not
    private int _flow;
    private int _deepest;
    private TimeSpan _mayAt;
    private TimeSpan _lastSent;

    /// <summary>Begins.</summary>
    /// <param name="initial">A number that nobody can guess; the probes' numbers are counted from it.</param>
    public RouteSearch(SequenceNumber initial)
    {
        _base = initial;
        Array.Fill(_next, 1);
        _limits[0] = Ahead;
    }

    /// <summary>Whether nothing more is to be sent or waited for.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The next probe that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="wakeAt">Where there is none: when to ask again.</param>
    public bool TryNext(TimeSpan now, out RouteProbe probe, out TimeSpan wakeAt)
    {
        probe = default;
        while (!IsDone)
        {
            bool hasMore = _target[_flow] == 0 && _next[_flow] <= Math.Min(_limits[_flow], MostHops);
            TimeSpan due = hasMore ? _mayAt : IsAnswered(_flow) && _flow < Flows - 1 ? now : _lastSent + Patience;
            if (now < due)
            {
                wakeAt = due;
                return false;
            }

            if (hasMore)
            {
                int hop = _next[_flow]++;
                _probes[_flow, hop] = new Sent { At = now };
                _lastSent = now;
                _mayAt = now + Spacing;
                probe = new RouteProbe(_flow, hop, NumberOf(hop));
                wakeAt = _mayAt;
                return true;
            }

            Turn(now);
        }

        wakeAt = now;
        return false;
    }

    /// <summary>Takes a router's word that a probe ran out of hops, or cannot go on.</summary>
    /// <param name="flow">The flow, by the quoted port.</param>
    /// <param name="sequence">The quoted sequence number.</param>
    /// <param name="from">Who says so.</param>
    /// <param name="at">When.</param>
    /// <param name="remark">What else it says; null for nothing but that the hops were used up.</param>
    /// <param name="isTarget">Whether it is the target itself that says so.</param>
    public void TakeRouter(int flow, SequenceNumber sequence, IpAddress from, TimeSpan at, string? remark, bool isTarget = false)
    {
        if (Find(flow, sequence) is not int hop || _probes[flow, hop].AnsweredAt is not null)
        {
            return;
        }

        Answer(flow, hop, from, at);
        _probes[flow, hop].Remark = remark;
        _probes[flow, hop].IsTarget = isTarget;
        if (remark is not null)
        {
            End(flow, hop); // nothing goes on from there
        }
        else if (hop == _limits[flow])
        {
            _limits[flow] = hop + 1;
        }
    }

    /// <summary>Takes the target's own answer.</summary>
    /// <param name="flow">The flow, by the port that it answers to.</param>
    /// <param name="acknowledged">The acknowledgement number.</param>
    /// <param name="from">The target.</param>
    /// <param name="at">When.</param>
    public void TakeTarget(int flow, SequenceNumber acknowledged, IpAddress from, TimeSpan at)
    {
        if (Find(flow, acknowledged + -1) is int hop && _probes[flow, hop].AnsweredAt is null)
        {
            Answer(flow, hop, from, at);
            _probes[flow, hop].IsTarget = true;
            End(flow, hop);
        }
    }

    /// <summary>What was found at each hop.</summary>
    public ImmutableArray<RouteHop> Hops()
    {
        int last = Enumerable.Range(0, Flows).Max(LastOf);
        ImmutableArray<RouteHop>.Builder hops = ImmutableArray.CreateBuilder<RouteHop>();
        for (int hop = 1; hop <= last; hop++)
        {
            List<Sent> sent = [.. Enumerable.Range(0, Flows).Where(flow => hop <= LastOf(flow)).Select(flow => _probes[flow, hop]).OfType<Sent>()];
            List<Sent> answered = [.. sent.Where(static one => one.AnsweredAt is not null)];
            int at = hop;
            hops.Add(new RouteHop
            {
                Hop = hop,
                Addresses = [.. answered.Select(static one => one.From).Distinct().Order()],
                ByFlow = [.. Enumerable.Range(0, Flows).Select(flow => _probes[flow, at] is { AnsweredAt: not null } one ? one.From : (IpAddress?)null)],
                Sent = sent.Count,
                Answered = answered.Count,
                RoundTrips = [.. answered.Select(static one => one.AnsweredAt!.Value - one.At).Order()],
                IsTarget = answered.Exists(static one => one.IsTarget),
                Remark = answered.Select(static one => one.Remark).FirstOrDefault(static remark => remark is not null),
            });
        }

        return RouteLoss.Judge(hops.ToImmutable());
    }

    /// <summary>The different ways that the flows took, the commonest first.</summary>
    public ImmutableArray<RoutePath> Paths()
    {
        List<RoutePath> paths = [];
        for (int flow = 0; flow < Flows; flow++)
        {
            int at = flow;
            ImmutableArray<IpAddress?> way = [.. Enumerable.Range(1, LastOf(flow)).Select(hop => _probes[at, hop] is { AnsweredAt: not null } sent ? sent.From : (IpAddress?)null)];
            if (way.All(static address => address is null))
            {
                continue;
            }

            int same = paths.FindIndex(path => IsSame(path.Addresses, way));
            if (same < 0)
            {
                paths.Add(new RoutePath(1, way));
            }
            else
            {
                // What one flow did not hear the other may have.
                ImmutableArray<IpAddress?> known = paths[same].Addresses;
                paths[same] = new RoutePath(paths[same].Flows + 1, [.. Enumerable.Range(0, Math.Max(known.Length, way.Length)).Select(hop => known.ElementAtOrDefault(hop) ?? way.ElementAtOrDefault(hop))]);
            }
        }

        return [.. paths.OrderByDescending(static path => path.Flows)];
    }

    /// <summary>Whether two ways nowhere contradict each other.</summary>
    private static bool IsSame(ImmutableArray<IpAddress?> one, ImmutableArray<IpAddress?> other) =>
        one.Zip(other).All(static pair => pair.First is null || pair.Second is null || pair.First == pair.Second);

    private SequenceNumber NumberOf(int hop) => _base + (hop * Stride);

    private int? Find(int flow, SequenceNumber sequence)
    {
        int distance = sequence - _base;
        int hop = distance / Stride;
        return flow is >= 0 and < Flows && distance > 0 && distance % Stride == 0 && hop <= MostHops && _probes[flow, hop] is not null ? hop : null;
    }

    private void Answer(int flow, int hop, IpAddress from, TimeSpan at)
    {
        _probes[flow, hop].AnsweredAt = at;
        _probes[flow, hop].From = from;
        if (flow == 0)
        {
            _deepest = Math.Max(_deepest, hop);
            _limits[0] = Math.Max(_limits[0], Math.Min(_deepest + Ahead, MostHops));
        }
    }

    private void End(int flow, int hop) => _target[flow] = _target[flow] == 0 ? hop : Math.Min(_target[flow], hop);

    /// <summary>
    /// The last hop of a flow's way; its probes beyond that prove nothing. Where the flow's own answer from there was lost, it ends where other
    /// flows met the target; where nobody did, at the last hop that any flow heard of.
    /// </summary>
    private int LastOf(int flow)
    {
        int router = 0; // the last that is surely before the end
        int deepest = 0;
        for (int hop = 1; hop <= MostHops; hop++)
        {
            router = _probes[flow, hop] is { AnsweredAt: not null, IsTarget: false, Remark: null } ? hop : router;
            deepest = Enumerable.Range(0, Flows).Any(any => _probes[any, hop]?.AnsweredAt is not null) ? hop : deepest;
        }

        // A probe that might go further than the target is answered by it, too: only the nearest answer tells where it is.
        bool isReached = IsReached(flow);
        int nearest = Enumerable.Range(0, Flows).Where(any => _target[any] > router && (IsReached(any) || !isReached)).Select(any => _target[any]).DefaultIfEmpty(0).Min();
        return nearest > 0 ? nearest : Math.Max(router, Math.Min(deepest, _next[flow] - 1));
    }

    private bool IsReached(int flow) => _target[flow] > 0 && _probes[flow, _target[flow]].IsTarget;

    private bool IsAnswered(int flow)
    {
        for (int hop = 1; hop < _next[flow] && (_target[flow] == 0 || hop <= _target[flow]); hop++)
        {
            if (_probes[flow, hop]?.AnsweredAt is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Goes on to the next flow.</summary>
    private void Turn(TimeSpan now)
    {
        if (_flow == Flows - 1)
        {
            IsDone = true;
            return;
        }

        _flow++;
        _limits[_flow] = _target.Max() is int target and > 0 ? target : Math.Max(_deepest, 1);
        _mayAt = now + BetweenFlows;
    }

    private sealed class Sent
    {
        internal required TimeSpan At { get; init; }

        internal TimeSpan? AnsweredAt { get; set; }

        internal IpAddress From { get; set; }

        internal bool IsTarget { get; set; }

        internal string? Remark { get; set; }
    }
}
