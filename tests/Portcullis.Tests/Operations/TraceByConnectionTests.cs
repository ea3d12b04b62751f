using System;
using System.Linq;
using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Xunit;

namespace Portcullis.Tests.Operations;

/// <summary>A trace without packets ends in good time, is complete or says what is missing.</summary>
public sealed class TraceByConnectionTests : IDisposable
{
    private readonly FakeConnectionDoor _door = new();

    public void Dispose() => _door.Dispose();

    [Fact]
    public void Peer_that_says_nothing_is_open()
    {
        TraceReport report = Of(TraceTests.Request, CancellationToken.None);
        Assert.Equal((TraceVerdict.Open, 1), (report.Verdict, report.Gaps.Length)); // that packets are not seen
        Assert.InRange(_door.Now, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void Cancellation_is_heard_while_bytes_come()
    {
        using CancellationTokenSource cancellation = new();
        int waits = 0;
        _door.Beat = TimeSpan.FromMilliseconds(50);
        _door.Waited = () =>
        {
            waits++;
            (waits == 10 ? cancellation : null)?.Cancel();
        };
        TraceReport report = Of(TraceTests.Request, cancellation.Token);
        Assert.Equal((TraceVerdict.Open, true, 10), (report.Verdict, report.WasInterrupted, waits));
        Assert.Contains(report.Gaps, static gap => gap.Why == "interrupted");
    }

    [Fact]
    public void Cancellation_is_heard_before_there_is_an_answer()
    {
        using CancellationTokenSource cancellation = new();
        _door.Answer = null;
        _door.Waited = cancellation.Cancel;
        TraceReport report = Of(TraceTests.Request, cancellation.Token);
        Assert.Equal((TraceVerdict.Unknown, true), (report.Verdict, report.WasInterrupted));
        Assert.InRange(_door.Now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Peer_that_never_stops_is_cut_off_after_half_a_minute()
    {
        _door.Beat = TimeSpan.FromMilliseconds(50);
        TraceReport report = Of(TraceTests.Request, CancellationToken.None);
        Assert.Equal(2, report.Gaps.Length);
        Assert.InRange(_door.Now, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(0, false)]
    public void Request_that_goes_in_pieces_is_sent_to_its_end_or_its_rest_is_told(int room, bool isWhole)
    {
        _door.Room = room;
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(static at => (byte)at)];
        TraceReport report = Of(TraceTests.Request with { Request = [.. bytes] }, CancellationToken.None);
        Assert.Equal(isWhole ? bytes : [], _door.Sent);
        Assert.Equal(!isWhole, report.Gaps.Any(static gap => gap.What.Contains("100 bytes of the request", StringComparison.Ordinal)));
    }

    private TraceReport Of(TraceRequest request, CancellationToken cancellation) => Trace.Of(new FakeTraceDoors(static () => null, _door), request, cancellation);
}
