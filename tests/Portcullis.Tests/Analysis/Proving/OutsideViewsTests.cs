using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Analysis.Proving;

/// <summary>A scan from elsewhere and the packets that came in meanwhile make one view.</summary>
public sealed class OutsideViewsTests
{
    private static readonly IpAddress s_other = IpAddress.Parse("192.0.2.1");
    private static readonly ScanReport s_report = new()
    {
        Target = "203.0.113.7",
        Address = Asked.Host,
        Source = Asked.Peer,
        Ports = [new(Protocol.Tcp, 22, PortState.Open), new(Protocol.Tcp, 23, PortState.Filtered), new(Protocol.Tcp, 24, PortState.Filtered), new(Protocol.Udp, 53, PortState.Open)],
    };

    [Fact]
    public void What_came_in_is_told_port_by_port()
    {
        OutsideView view = OutsideViews.Of("web2", s_report, [new ArrivedPackets(Asked.Peer, Asked.Host, 2, [22, 24], IsWhole: true)], Facts.Snapshot());

        Assert.Equal((Asked.Peer, Asked.Host, "eth0"), (view.Source!.Value, view.Destination!.Value, view.Interface));
        Assert.Equal(
            [new(Protocol.Tcp, 22, 22, PortState.Open, true), new(Protocol.Tcp, 23, 23, PortState.Filtered, false), new(Protocol.Tcp, 24, 24, PortState.Filtered, true), new(Protocol.Udp, 53, 53, PortState.Open, null)],
            view.Ports);
    }

    [Fact]
    public void Packets_that_the_kernel_threw_away_may_have_come() =>
        Assert.Equal([true, null, null], OutsideViews.Of("web2", s_report, [new ArrivedPackets(Asked.Peer, Asked.Host, 2, [22], IsWhole: false)], Facts.Snapshot()).Ports.Select(seen => seen.HasArrived));

    [Fact]
    public void Nobody_who_looked_is_no_packet_that_came()
    {
        OutsideView view = OutsideViews.Of("web2", s_report, null, Facts.Snapshot());

        Assert.All(view.Ports, seen => Assert.Null(seen.HasArrived));
        Assert.Equal((Asked.Peer, null), (view.Source!.Value, view.Interface));
    }

    [Fact]
    public void Scan_is_known_by_its_source_else_by_what_it_asked()
    {
        ArrivedPackets stranger = new(s_other, Asked.Host, 2, [22], IsWhole: true);
        ArrivedPackets translated = new(s_other, IpAddress.Parse("10.0.0.5"), 2, [22, 23, 24], IsWhole: true);

        Assert.Equal(Asked.Peer, OutsideViews.Way(s_report, [stranger, translated, new ArrivedPackets(Asked.Peer, Asked.Host, 2, [22], IsWhole: true)])!.Source);
        Assert.Equal(translated, OutsideViews.Way(s_report, [stranger, translated]));
        Assert.Null(OutsideViews.Way(s_report, [new ArrivedPackets(s_other, Asked.Host, 2, [4444], IsWhole: true)]));
        Assert.Null(OutsideViews.Way(s_report with { Ports = [.. Enumerable.Range(1, 1000).Select(port => new ScannedPort(Protocol.Tcp, (ushort)port, PortState.Filtered))] }, [stranger])); // one knock is no scan
    }

    [Fact]
    public void Ranges_hold_what_the_ports_did()
    {
        Random random = new(20261122);
        for (int round = 0; round < 200; round++)
        {
            SeenPorts[] each = [.. Enumerable.Range(random.Next(100), random.Next(1, 60)).Where(_ => random.Next(8) > 0).Select(port => Random(random, port))];
            ImmutableArray<SeenPorts> ranges = SeenRanges.Of(each.OrderBy(_ => random.Next()));
            Assert.Equal(each, Apart(ranges));
            Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.False(pair.First.Last + 1 == pair.Second.First && pair.First with { First = 0, Last = 0 } == pair.Second with { First = 0, Last = 0 }));

            SeenPorts[] again = [.. each.Where(_ => random.Next(5) == 0).Select(one => Random(random, one.First))];
            SeenPorts[] expected = [.. each.Select(one => again.FirstOrDefault(other => other.First == one.First) ?? one)];
            Assert.Equal(expected, Apart(SeenRanges.Renewed(ranges, [.. again, new SeenPorts(Protocol.Tcp, 5000, 5000, PortState.Open, null)])));
        }
    }

    private static SeenPorts Random(Random random, int port) =>
        new(Protocol.Tcp, port, port, random.Next(2) == 0 ? PortState.Filtered : PortState.Closed, random.Next(3) switch { 0 => true, 1 => false, _ => null });

    private static IEnumerable<SeenPorts> Apart(ImmutableArray<SeenPorts> ranges) =>
        ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1).Select(port => range with { First = port, Last = port }));
}
