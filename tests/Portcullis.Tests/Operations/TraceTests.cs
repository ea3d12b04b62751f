using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Probing;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Operations;

/// <summary>A whole trace over a network that the test plays: what our TCP makes of the packets counts, not what they claim.</summary>
public sealed class TraceTests : IDisposable
{
    private const uint Theirs = 700_000;
    private const TcpControl Syn = TcpControl.Syn;
    private const TcpControl Ack = TcpControl.Ack;
    private const TcpControl Rst = TcpControl.Rst;

    private static readonly IpAddress s_router = IpAddress.Parse("10.0.0.1");

    private readonly FakePacketDoor _door = new();

    public void Dispose() => _door.Dispose();

    internal static TraceRequest Request { get; } = new() { Target = "192.0.2.2", Address = FakePacketDoor.Peer, Port = FakePacketDoor.Port, Secret = new SipHash(new byte[16]) };

    [Fact]
    public void Connection_that_stands_is_open()
    {
        Stand();
        TraceReport report = Trace();
        Assert.Equal((TraceVerdict.Open, true), (report.Verdict, report.Complete));
        Assert.All(report.Packets, static packet => Assert.True(packet.IsTaken));
    }

    [Fact]
    public void Agreement_to_what_was_never_asked_is_not_open()
    {
        _door.Heard = (header, _, _) =>
        {
            if (header.Control == Syn)
            {
                _door.Say(1, Syn | Ack, Theirs, header.Sequence + 1000);
            }
        };
        TraceReport report = Trace();
        Assert.Equal(TraceVerdict.Unknown, report.Verdict);
        Assert.Contains("4 packets that did not fit", report.Sentence, StringComparison.Ordinal);
        Assert.Equal(4, _door.Sent.Count(static header => header.Control == Rst));
        TracedPacket odd = report.Packets.First(static packet => !packet.IsOutgoing);
        Assert.Equal((false, null, null), (odd.IsTaken, odd.ReceiptFor, odd.RoundTrip));
    }

    [Fact]
    public void Reset_without_a_receipt_is_not_closed()
    {
        _door.Heard = (_, _, _) => _door.Say(1, Rst, 0, 0);
        Assert.Equal(TraceVerdict.Unknown, Trace().Verdict);
        _door.Heard = (header, _, _) => _door.Say(1, Rst | Ack, 0, header.Sequence + 1);
        Assert.Equal(TraceVerdict.Closed, Trace().Verdict);
    }

    [Theory]
    [InlineData(0, TraceVerdict.Rejected)]
    [InlineData(1, TraceVerdict.Unknown)]
    public void Message_counts_only_about_what_is_on_its_way(byte change, TraceVerdict expected)
    {
        _door.Heard = (_, _, packet) =>
        {
            packet[Ipv4Packet.LeastHeader + 4] ^= change; // the sequence number
            _door.Complain(1, s_router, 3, 13, packet);
        };
        Assert.Equal(expected, Trace().Verdict);
    }

    [Fact]
    public void Packets_that_go_in_a_circle_are_not_filtered()
    {
        _door.Heard = (_, _, packet) => _door.Complain(1, s_router, 11, 0, packet);
        TraceReport report = Trace();
        Assert.Equal(TraceVerdict.Unknown, report.Verdict);
        Assert.Contains("10.0.0.1 says \"time exceeded\"", report.Sentence, StringComparison.Ordinal);
        Assert.Contains("go in a circle", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_and_data_beyond_the_window_count_for_nothing()
    {
        Stand(header =>
        {
            _door.Say(1, Rst | Ack, Theirs + 200_000, header.Sequence + 1);
            _door.Say(2, Ack, Theirs + 70_000, header.Sequence + 1, new byte[1400]);
        });
        TraceReport report = Trace();
        Assert.Equal((TraceVerdict.Open, 0, 2), (report.Verdict, report.Data.Length, report.Packets.Count(static packet => !packet.IsTaken)));
        Assert.DoesNotContain("sent", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_may_ask_at_once()
    {
        _door.Heard = (header, _, _) =>
        {
            if (header.Control == Syn)
            {
                _door.Say(1, Syn, Theirs, 0);
            }
            else if (header.Control == (Syn | Ack))
            {
                _door.Say(1, Ack, Theirs + 1, header.Sequence + 1);
            }
        };
        Assert.Equal(TraceVerdict.Open, Trace().Verdict);
    }

    [Fact]
    public void What_came_before_a_reset_is_not_lost()
    {
        Stand(header =>
        {
            _door.Say(1, Ack, Theirs + 1, header.Sequence + 1, "220 full, go away\n"u8.ToArray());
            _door.Say(1, Rst | Ack, Theirs + 19, header.Sequence + 1);
        });
        TraceReport report = Trace();
        Assert.Equal("220 full, go away\n"u8.ToArray(), report.Data);
        Assert.EndsWith("and sent 18 bytes.", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Packets_stand_by_their_time_though_one_came_while_another_was_sent()
    {
        _door.SendTakes = TimeSpan.FromMilliseconds(3);
        Stand(header => Enumerable.Range(0, 5).ToList().ForEach(at => _door.Say(1 + at, Ack, Theirs + 1 + (uint)at, header.Sequence + 1, [(byte)at])));
        TraceReport report = Core.Operations.Trace.Of(new FakeTraceDoors(() => _door), Request with { Request = [.. new byte[4000]] }, CancellationToken.None);
        Assert.Equal(5, report.Data.Length);
        Assert.Equal(report.Packets.Select(static packet => packet.At).Order(), report.Packets.Select(static packet => packet.At));
    }

    [Fact]
    public void Reset_without_a_word_was_accepted_then_dropped()
    {
        Stand(header => _door.Say(1, Rst | Ack, Theirs + 1, header.Sequence + 1));
        Assert.Equal(TraceVerdict.AcceptedThenDropped, Trace().Verdict);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000_000)]
    public void Trace_that_is_interrupted_is_not_complete(int after)
    {
        using CancellationTokenSource cancellation = new();
        _door.Waited = () => Cancel(cancellation, _door.Now >= TimeSpan.FromSeconds(after));
        TraceReport report = Core.Operations.Trace.Of(new FakeTraceDoors(() => _door), Request, cancellation.Token);
        Assert.Equal(after == 2, report.WasInterrupted);
        Assert.Equal(after != 2, report.Complete);
        Assert.Equal(after == 2 ? TraceVerdict.Unknown : TraceVerdict.Filtered, report.Verdict);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(20_100, false)]
    public void Too_many_packets_are_cut_off_with_a_reset_and_a_gap(int count, bool isComplete)
    {
        Stand(header =>
        {
            for (int at = 0; at < count; at++)
            {
                _door.Say(1 + (at / 1000.0), Rst | Ack, Theirs + 200_000, header.Sequence + 1);
            }
        });
        TraceReport report = Trace();
        Assert.Equal(isComplete, report.Complete);
        Assert.Equal(isComplete ? 0 : 1, _door.Sent.Count(static header => header.Control.HasFlag(Rst)));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(400, false)]
    public void Peer_that_never_stops_is_cut_off_after_half_a_minute(int count, bool isComplete)
    {
        Stand(header => Enumerable.Range(0, count).ToList().ForEach(at => _door.Say(1 + (at * 400), Ack, Theirs + 1 + (uint)at, header.Sequence + 1, [(byte)at])));
        TraceReport report = Trace();
        Assert.Equal(isComplete, report.Complete);
        Assert.InRange(_door.Now, TimeSpan.FromSeconds(isComplete ? 8 : 29), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public void Link_that_goes_down_leaves_what_was_seen()
    {
        Stand(_ => _door.Refusal = "sending fails: Network is down");
        TraceReport report = Trace();
        Assert.Equal(TraceVerdict.Open, report.Verdict);
        Assert.Contains("Network is down", Assert.Single(report.Gaps).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Large_request_is_sent_to_its_end_or_its_rest_is_told(bool isTaken)
    {
        const int Length = 100_000;
        uint most = 0;
        _door.Heard = (header, length, _) =>
        {
            most = length == 0 ? most : Math.Max(most, header.Sequence + (uint)length - _door.Sent[0].Sequence - 1);
            if (header.Control == Syn)
            {
                _door.Say(1, Syn | Ack, Theirs, header.Sequence + 1);
            }
            else if (length > 0 && isTaken)
            {
                _door.Say(300, Ack, Theirs + 1, header.Sequence + (uint)length);
            }
        };
        TraceReport report = Core.Operations.Trace.Of(new FakeTraceDoors(() => _door), Request with { Request = [.. new byte[Length]], Patience = TimeSpan.FromSeconds(3) }, CancellationToken.None);
        Assert.Equal(isTaken, report.Complete);
        Assert.Equal(isTaken, most >= Length);
        Assert.Equal(!isTaken, report.Gaps.Any(static gap => gap.What.Contains(string.Create(CultureInfo.InvariantCulture, $"{Length} bytes of the request"), StringComparison.Ordinal)));
    }

    private static void Cancel(CancellationTokenSource cancellation, bool isTime)
    {
        if (isTime)
        {
            cancellation.Cancel();
        }
    }

    private TraceReport Trace() => Core.Operations.Trace.Of(new FakeTraceDoors(() => _door), Request, CancellationToken.None);

    /// <summary>The peer agrees, gives the receipt for our end, and does something once.</summary>
    private void Stand(Action<TcpHeader>? then = null) => _door.Heard = (header, length, _) =>
    {
        if (header.Control == Syn)
        {
            _door.Say(1, Syn | Ack, Theirs, header.Sequence + 1);
        }
        else if (header.Control.HasFlag(TcpControl.Fin))
        {
            _door.Say(1, TcpControl.Fin | Ack, header.Acknowledgement, header.Sequence + (uint)length + 1);
        }

        if (header.Control == Syn)
        {
            then?.Invoke(header);
        }
    };
}
