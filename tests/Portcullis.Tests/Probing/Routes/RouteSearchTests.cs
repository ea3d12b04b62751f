using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Routes;
using Portcullis.Core.Probing.Tcp;
using Xunit;

namespace Portcullis.Tests.Probing.Routes;

/// <summary>The way that is found is the way that is there.</summary>
public sealed class RouteSearchTests
{
    private static readonly IpAddress Target = IpAddress.Parse("192.0.2.99");

    [Fact]
    public void Straight_way_is_found_with_all_its_hops()
    {
        RouteSearch search = Run(static (_, hop) => hop < 4 ? Router(hop) : Target);
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "192.0.2.99"], search.Hops().Select(static hop => Assert.Single(hop.Addresses).ToString()));
        Assert.All(search.Hops(), static hop => Assert.Equal(hop.Sent, hop.Answered));
        Assert.True(search.Hops()[^1].IsTarget);
        Assert.Equal(RouteSearch.Flows, Assert.Single(search.Paths()).Flows);
    }

    [Fact]
    public void Balanced_ways_are_told_apart_by_flow()
    {
        RouteSearch search = Run(static (flow, hop) => hop == 2 ? Router(flow % 2 == 0 ? 20 : 21) : hop < 4 ? Router(hop) : Target);
        Assert.Equal(["10.0.0.20", "10.0.0.21"], search.Hops()[1].Addresses.Select(static address => address.ToString()));
        Assert.Equal([4, 4], search.Paths().Select(static path => path.Flows));
    }

    [Fact]
    public void Ways_of_different_length_are_both_followed_to_the_end()
    {
        RouteSearch search = Run(static (flow, hop) => hop < (flow % 2 == 0 ? 3 : 5) ? Router((10 * (flow % 2)) + hop) : Target);
        Assert.Equal([3, 5], search.Paths().Select(static path => path.Addresses.Length).Order());
        Assert.All(search.Paths(), static path => Assert.Equal(Target, path.Addresses[^1]));
    }

    [Fact]
    public void Router_that_answers_seldom_is_not_taken_for_loss()
    {
        RouteSearch search = Run(static (flow, hop) => hop == 2 && flow > 2 ? null : hop < 4 ? Router(hop) : Target);
        RouteHop seldom = search.Hops()[1];
        Assert.Equal((8, 3, false), (seldom.Sent, seldom.Answered, seldom.IsLossReal));
    }

    [Fact]
    public void Loss_that_goes_on_to_the_end_is_told_from_there_on()
    {
        RouteSearch search = Run(static (flow, hop) => hop >= 2 && flow is 3 or 5 && hop >= 2 ? null : hop < 4 ? Router(hop) : Target);
        Assert.Equal([false, true, true, true], search.Hops().Select(static hop => hop.IsLossReal));
    }

    [Fact]
    public void Lost_answers_of_the_target_are_counted()
    {
        RouteSearch search = Run(static (flow, hop) => hop < 3 ? Router(hop) : flow % 2 == 0 ? null : Target);
        Assert.Equal([(8, 8, false), (8, 8, false), (8, 4, true)], search.Hops().Select(static hop => (hop.Sent, hop.Answered, hop.IsLossReal)));
        Assert.Equal(RouteSearch.Flows, Assert.Single(search.Paths()).Flows);
    }

    [Fact]
    public void Flows_that_hear_nothing_are_counted_too()
    {
        RouteSearch search = Run(static (flow, hop) => flow > 3 ? null : hop < 3 ? Router(hop) : Target);
        Assert.Equal([(8, 4, true), (8, 4, true), (8, 4, true)], search.Hops().Select(static hop => (hop.Sent, hop.Answered, hop.IsLossReal)));
        Assert.Equal(4, Assert.Single(search.Paths()).Flows); // the others went nobody knows where
    }

    [Fact]
    public void Loss_where_the_target_never_answers_is_counted_up_to_the_last_router()
    {
        RouteSearch search = Run(static (flow, hop) => hop > 2 || (hop == 2 && flow > 5) ? null : Router(hop));
        Assert.Equal([(8, 8), (8, 6)], search.Hops().Select(static hop => (hop.Sent, hop.Answered)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Probe_that_might_go_beyond_the_target_makes_no_hop(int lost)
    {
        RouteSearch search = Run((flow, hop) => hop < 2 ? Router(hop) : hop == 2 && flow == lost ? null : Target);
        Assert.Equal([(1, 8, 8, false, false), (2, 8, 7, true, true)], search.Hops().Select(static hop => (hop.Hop, hop.Sent, hop.Answered, hop.IsTarget, hop.IsLossReal)));
        Assert.Equal(RouteSearch.Flows, Assert.Single(search.Paths()).Flows);
    }

    [Fact]
    public void Target_next_door_that_loses_the_first_probe_is_one_hop_away()
    {
        RouteSearch search = Run(static (flow, hop) => flow == 0 && hop == 1 ? null : Target);
        Assert.Equal((1, 8, 7, true), search.Hops().Select(static hop => (hop.Hop, hop.Sent, hop.Answered, hop.IsTarget)).Single());
    }

    [Fact]
    public void Silence_behind_a_router_ends_the_search_in_good_time()
    {
        RouteSearch search = Run(static (_, hop) => hop < 3 ? Router(hop) : null, out TimeSpan took, out int sent);
        Assert.Equal(2, search.Hops().Length);
        Assert.False(search.Hops()[^1].IsTarget);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.InRange(sent, 6, 60);
    }

    [Fact]
    public void Silence_everywhere_is_no_way_at_all()
    {
        RouteSearch search = Run(static (_, _) => null);
        Assert.Empty(search.Hops());
        Assert.Empty(search.Paths());
    }

    [Fact]
    public void Refusal_on_the_way_is_its_end()
    {
        RouteSearch search = Run(static (_, hop) => hop < 3 ? Router(hop) : null, refusesAt: 2);
        Assert.Equal(2, search.Hops().Length);
        Assert.Equal("prohibited", search.Hops()[1].Remark);
    }

    [Fact]
    public void Answers_that_fit_no_probe_change_nothing()
    {
        RouteSearch search = new(new SequenceNumber(uint.MaxValue - 500));
        Assert.True(search.TryNext(TimeSpan.Zero, out RouteProbe probe, out _));
        Random random = new(1);
        for (int round = 0; round < 100_000; round++)
        {
            SequenceNumber any = new((uint)random.NextInt64(1L << 32));
            if (any != probe.Sequence && any + -1 != probe.Sequence)
            {
                search.TakeRouter(random.Next(-10, 40_000), any, Target, TimeSpan.Zero, null);
                search.TakeTarget(random.Next(-10, 40_000), any, Target, TimeSpan.Zero);
            }
        }

        Assert.Empty(search.Hops());
        search.TakeRouter(0, probe.Sequence, Target, TimeSpan.Zero, null);
        Assert.Single(search.Hops());
    }

    [Fact]
    public void Each_flow_is_told_with_who_answered_it()
    {
        RouteSearch search = Run(static (flow, hop) => hop == 2 && flow == 5 ? null : hop == 2 ? Router(flow % 2 == 0 ? 20 : 21) : hop < 4 ? Router(hop) : Target);
        Assert.Equal(["10.0.0.20", "10.0.0.21", "10.0.0.20", "10.0.0.21", "10.0.0.20", null, "10.0.0.20", "10.0.0.21"], search.Hops()[1].ByFlow.Select(static address => address?.ToString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Change_of_a_hop_is_told_and_silence_is_none(bool isSameFlows)
    {
        RouteHop[] before = [Hop(1, "10.0.0.1"), Hop(2, "10.0.0.2"), Hop(3, "10.0.0.3")];
        Assert.Equal(["hop 2 was 10.0.0.2, and is 10.0.0.7"], RouteChanges.Between([.. before], [before[0], Hop(2, "10.0.0.7"), before[2]], isSameFlows));
        Assert.Empty(RouteChanges.Between([.. before], [before[0], Hop(2), before[2]], isSameFlows));
        Assert.Equal(["the target is no longer reached"], RouteChanges.Between([before[0], before[1] with { IsTarget = true }], [before[0]], isSameFlows));
    }

    [Fact]
    public void Way_that_was_cut_is_told_but_not_one_whose_router_answers_seldom()
    {
        RouteHop both = Hop(2, "10.0.0.2", "10.0.0.3", "10.0.0.2", "10.0.0.3");
        Assert.Equal(["hop 2 was 10.0.0.2 or 10.0.0.3, and is 10.0.0.3"], RouteChanges.Between([both], [Hop(2, null, null, "10.0.0.3", "10.0.0.3")], isSameFlows: true));
        Assert.Equal(["hop 2 was 10.0.0.3, and is 10.0.0.2 or 10.0.0.3"], RouteChanges.Between([Hop(2, null, null, "10.0.0.3", "10.0.0.3")], [both], isSameFlows: true));
        Assert.Empty(RouteChanges.Between([both], [Hop(2, null, "10.0.0.3", null, "10.0.0.3")], isSameFlows: true));
    }

    [Fact]
    public void Other_flows_go_other_ways_by_chance_so_only_a_new_address_is_a_change_then()
    {
        RouteHop both = Hop(2, "10.0.0.2", "10.0.0.3", "10.0.0.2", "10.0.0.3");
        Assert.Empty(RouteChanges.Between([both], [Hop(2, "10.0.0.3", "10.0.0.3", "10.0.0.3", "10.0.0.3")], isSameFlows: false));
        Assert.Equal(["hop 2 was 10.0.0.2 or 10.0.0.3, and is 10.0.0.3 or 10.0.0.4"], RouteChanges.Between([both], [Hop(2, "10.0.0.3", "10.0.0.4")], isSameFlows: false));
    }

    [Fact]
    public void Way_that_was_known_before_an_outage_is_remembered()
    {
        RouteHop[] before = [Hop(1, "10.0.0.1"), Hop(2, "10.0.0.2"), Hop(3, "10.0.0.9") with { IsTarget = true }];
        ImmutableArray<RouteHop> outage = RouteChanges.Remember([.. before], [before[0], Hop(2)], isSameFlows: true);
        Assert.Equal([1, 2, 3], outage.Select(static hop => hop.Hop));
        Assert.Equal(
            ["hop 2 was 10.0.0.2, and is 10.0.0.7", "the target is reached, at hop 3"],
            RouteChanges.Between(outage, [before[0], Hop(2, "10.0.0.7"), before[2]], isSameFlows: true));
        Assert.Equal("10.0.0.7", RouteChanges.Remember(outage, [before[0], Hop(2, "10.0.0.7"), before[2]], isSameFlows: true)[1].Addresses[0].ToString());
    }

    [Theory]
    [InlineData(true, "10.0.0.2")]
    [InlineData(false, null)]
    public void Router_that_was_silent_in_one_look_is_remembered(bool isSameFlows, string? first)
    {
        RouteHop known = Assert.Single(RouteChanges.Remember([Hop(2, "10.0.0.2", "10.0.0.3")], [Hop(2, null, "10.0.0.3")], isSameFlows));
        Assert.Equal(["10.0.0.2", "10.0.0.3"], known.Addresses.Select(static address => address.ToString()));
        Assert.Equal([first, "10.0.0.3"], known.ByFlow.Select(static address => address?.ToString()));
    }

    private static RouteHop Hop(int hop, params string?[] byFlow)
    {
        ImmutableArray<IpAddress?> answers = [.. byFlow.Select(static address => address is null ? (IpAddress?)null : IpAddress.Parse(address))];
        return new RouteHop { Hop = hop, ByFlow = answers, Addresses = [.. answers.OfType<IpAddress>().Distinct().Order()] };
    }

    private static IpAddress Router(int number) => IpAddress.Parse($"10.0.0.{number}");

    private static RouteSearch Run(Func<int, int, IpAddress?> answers, int refusesAt = 0) => Run(answers, out _, out _, refusesAt);

    private static RouteSearch Run(Func<int, int, IpAddress?> answers, out TimeSpan took, out int sent, int refusesAt = 0)
    {
        RouteSearch search = new(new SequenceNumber(uint.MaxValue - 2500)); // wraps on the way
        Queue<(TimeSpan At, RouteProbe Probe)> onTheWay = new();
        TimeSpan now = TimeSpan.Zero;
        sent = 0;
        while (!search.IsDone)
        {
            while (onTheWay.TryPeek(out (TimeSpan At, RouteProbe Probe) first) && first.At <= now)
            {
                onTheWay.Dequeue();
                RouteProbe probe = first.Probe;
                if (answers(probe.Flow, probe.Hop) is IpAddress from)
                {
                    if (from == Target)
                    {
                        search.TakeTarget(probe.Flow, probe.Sequence + 1, from, now);
                    }
                    else
                    {
                        search.TakeRouter(probe.Flow, probe.Sequence, from, now, probe.Hop == refusesAt ? "prohibited" : null);
                    }
                }
            }

            if (search.TryNext(now, out RouteProbe next, out TimeSpan wakeAt))
            {
                sent++;
                onTheWay.Enqueue((now + TimeSpan.FromMilliseconds(10), next));
            }
            else
            {
                now = onTheWay.TryPeek(out (TimeSpan At, RouteProbe Probe) first2) && first2.At < wakeAt ? first2.At : wakeAt;
            }
        }

        took = now;
        return search;
    }
}
