using System;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Operations;

/// <summary>The way is added to a trace, or what of it could not be seen.</summary>
public sealed class TracePathTests
{
    private static readonly TraceReport s_trace = new() { Target = "192.0.2.2", Address = FakePacketDoor.Peer, Port = FakePacketDoor.Port, Verdict = TraceVerdict.Open };

    [Fact]
    public void Way_is_added_and_what_the_target_opened_is_closed()
    {
        FakePacketDoor door = Net(hops: 3);
        TraceReport report = Add(door);
        Assert.Equal(["10.0.0.1", "10.0.0.2", "192.0.2.2"], report.Path.Select(static hop => Assert.Single(hop.Addresses).ToString()));
        Assert.True(report is { Complete: true, Verdict: TraceVerdict.Open });
        Assert.Equal(8, door.Sent.Where(static header => header.Control == TcpControl.Rst).Select(static header => header.SourcePort).Distinct().Count());
    }

    [Fact]
    public void Target_that_refuses_by_message_is_the_target()
    {
        FakePacketDoor door = new();
        door.Heard = (_, _, packet) => door.Complain(1, packet[8] < 2 ? IpAddress.Parse("10.0.0.1") : FakePacketDoor.Peer, packet[8] < 2 ? (byte)11 : (byte)3, packet[8] < 2 ? (byte)0 : (byte)3, packet);
        RouteHop end = Add(door).Path[^1];
        Assert.Equal((2, true, "port unreachable"), (end.Hop, end.IsTarget, end.Remark));
    }

    [Fact]
    public void Trace_is_not_lost_where_there_is_no_way()
    {
        TraceReport report = TracePath.Add(new FakeTraceDoors(static () => throw new ProbeException("no host on the link answers")), TraceTests.Request, s_trace, CancellationToken.None);
        Assert.Equal((TraceVerdict.Open, "no host on the link answers"), (report.Verdict, Assert.Single(report.Gaps).Why));
    }

    [Fact]
    public void Link_that_goes_down_leaves_what_was_seen()
    {
        FakePacketDoor door = Net(hops: 3);
        door.Waited = () => door.Refusal = door.Sent.Count > 12 ? "sending fails: Network is down" : null;
        TraceReport report = Add(door);
        Assert.Equal(3, report.Path.Length);
        Assert.Equal(("the rest of the way there", "sending fails: Network is down"), (Assert.Single(report.Gaps).What, report.Gaps[0].Why));
    }

    [Fact]
    public void Interrupted_search_is_not_complete()
    {
        using CancellationTokenSource cancellation = new();
        FakePacketDoor door = Net(hops: 3);
        door.Waited = cancellation.Cancel;
        TraceReport report = TracePath.Add(new FakeTraceDoors(() => door), TraceTests.Request, s_trace, cancellation.Token);
        Assert.True(report is { WasInterrupted: true, Complete: false });
        report = TracePath.Add(new FakeTraceDoors(static () => throw new ProbeException("nobody asked")), TraceTests.Request, s_trace, cancellation.Token);
        Assert.Equal("interrupted", Assert.Single(report.Gaps).Why);
    }

    [Fact]
    public void Flood_does_not_keep_a_cancellation_from_being_heard()
    {
        using CancellationTokenSource cancellation = new();
        FakePacketDoor door = new();
        int waits = 0;
        door.Waited = () =>
        {
            door.Say(0, TcpControl.Ack, 1, 1, port: 9);
            (waits++ == 100 ? cancellation : null)?.Cancel();
        };
        Assert.True(TracePath.Add(new FakeTraceDoors(() => door), TraceTests.Request, s_trace, cancellation.Token).WasInterrupted);
        Assert.InRange(waits, 100, 300);
    }

    [Fact]
    public void Watch_tells_of_an_outage_once_and_of_its_end()
    {
        bool isOut = false;
        int hops = 3;
        FakeTraceDoors doors = new(() => isOut ? throw new ProbeException("no host on the link answers") : Net(hops));
        TraceWatch watch = new(TracePath.Add(doors, TraceTests.Request, s_trace, CancellationToken.None));
        Assert.Empty(Look());
        isOut = true;
        Assert.Equal(["no host on the link answers"], Look());
        Assert.Empty(Look());
        isOut = false;
        Assert.Equal(["packets go out to it again"], Look());
        Assert.Empty(Look());
        hops = 4;
        Assert.Equal(["hop 3 was 192.0.2.2, and is 10.0.0.3", "the way has 4 hops, and had 3"], Look());

        string[] Look() => [.. watch.Look(doors, TraceTests.Request, CancellationToken.None)];
    }

    private static TraceReport Add(FakePacketDoor door) => TracePath.Add(new FakeTraceDoors(() => door), TraceTests.Request, s_trace, CancellationToken.None);

    /// <summary>A straight way of so many hops to a target that accepts.</summary>
    private static FakePacketDoor Net(int hops)
    {
        FakePacketDoor door = new();
        door.Heard = (header, _, packet) =>
        {
            int hop = packet[8]; // time to live
            if (header.Control == TcpControl.Rst)
            {
                return;
            }

            if (hop < hops)
            {
                door.Complain(1, IpAddress.Parse($"10.0.0.{hop}"), 11, 0, packet);
            }
            else
            {
                door.Say(1, TcpControl.Syn | TcpControl.Ack, 5, header.Sequence + 1, port: header.SourcePort);
            }
        };
        return door;
    }
}
