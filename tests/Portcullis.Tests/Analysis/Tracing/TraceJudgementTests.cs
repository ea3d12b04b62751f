using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Xunit;

namespace Portcullis.Tests.Analysis.Tracing;

/// <summary>What packets mean, in one sentence.</summary>
public sealed class TraceJudgementTests
{
    private static readonly IpAddress Us = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress Them = IpAddress.Parse("192.0.2.2");
    private static readonly TracedPacket Asked = Out(0, "SYN");
    private static readonly TracedPacket Agreed = In(1, "SYN,ACK") with { RoundTrip = TimeSpan.FromMilliseconds(1) };
    private static readonly TracedPacket Stands = Out(2, "ACK");

    [Fact]
    public void Silence_is_filtered_and_counts_its_probes()
    {
        (TraceVerdict verdict, string sentence) = TraceJudgement.Of("web1:80", [Asked, Out(1000, "SYN"), Out(3000, "SYN")], new TraceOutcome { Ending = TcpEnding.TimedOut, EndedAt = TimeSpan.FromSeconds(7) });
        Assert.Equal(TraceVerdict.Filtered, verdict);
        Assert.Equal("web1:80 is filtered: nothing came back for 3 probes in 7.0 s; a firewall drops them, or no such host is there.", sentence);
    }

    [Fact]
    public void Silence_that_was_not_waited_for_is_unknown() =>
        Assert.Equal(TraceVerdict.Unknown, TraceJudgement.Of("web1:80", [Asked], new TraceOutcome { EndedAt = TimeSpan.FromSeconds(1) }).Verdict);

    [Fact]
    public void Reset_is_closed() => Assert.Equal(TraceVerdict.Closed, Judge(new TraceOutcome { Ending = TcpEnding.Refused }, Asked, In(1, "RST,ACK")));

    [Fact]
    public void Connection_is_open() => Assert.Equal(TraceVerdict.Open, Judge(new TraceOutcome { HasStood = true }, Asked, Agreed, Stands, Out(500, "FIN,ACK"), In(501, "FIN,ACK")));

    [Theory]
    [InlineData("RST", "reset it 20.0 ms later")]
    [InlineData("FIN,ACK", "closed it 20.0 ms later")]
    public void Connection_that_ends_at_once_without_a_word_was_accepted_then_dropped(string flags, string words)
    {
        (TraceVerdict verdict, string sentence) = TraceJudgement.Of("web1:80", [Asked, Agreed, Stands, In(21, flags)], new TraceOutcome { HasStood = true, IsEndedByPeer = true });
        Assert.Equal(TraceVerdict.AcceptedThenDropped, verdict);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
        Assert.Equal(TraceVerdict.Open, Judge(new TraceOutcome { HasStood = true, IsEndedByPeer = true, Received = 10 }, Asked, Agreed, Stands, In(20, "PSH,ACK") with { Length = 10 }, In(21, flags)));
    }

    [Theory]
    [InlineData(13, TraceVerdict.Rejected, "administratively prohibited")]
    [InlineData(3, TraceVerdict.Rejected, "port unreachable")]
    [InlineData(1, TraceVerdict.Unknown, "host unreachable")]
    public void Message_is_told_with_its_sender(int code, TraceVerdict expected, string words)
    {
        TracedPacket message = In(1, $"ICMP {words}") with { Icmp = (3, code), From = IpAddress.Parse("10.0.0.1") };
        (TraceVerdict verdict, string sentence) = TraceJudgement.Of("web1:80", [Asked, message], new TraceOutcome());
        Assert.Equal(expected, verdict);
        Assert.Contains($"10.0.0.1 says \"{words}\" (ICMP type 3, code {code})", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2134, "0.21 ms")]
    [InlineData(9.994, "9.99 ms")]
    [InlineData(9.996, "10.0 ms")]
    [InlineData(99.96, "100 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(1550, "1.55 s")]
    [InlineData(120_000, "120 s")]
    public void Times_have_three_digits(double milliseconds, string expected) => Assert.Equal(expected, TraceJudgement.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Every_packet_gets_a_line()
    {
        ImmutableArray<TracedPacket> packets =
        [
            Asked, Asked with { IsResend = true, Gap = TimeSpan.FromSeconds(1) }, Agreed with { Acknowledgement = 1, ReceiptFor = 1 }, Stands with { ReceiptFor = 2 },
            In(3, "PSH,ACK") with { Length = 5, RelativeSequence = 1 }, Out(4, "ACK"), Out(5, "FIN,ACK"), In(6, "RST"), In(7, "ICMP time exceeded") with { Icmp = (11, 0) },
        ];
        ImmutableArray<string> lines = PacketExplanation.Of(packets);
        Assert.Equal(packets.Length, lines.Distinct().Count());
        Assert.StartsWith("No receipt came within 1.0 s", lines[1], StringComparison.Ordinal);
        Assert.Contains("numbered 1 to 5", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_taken_is_no_answer_and_is_said_to_be_none()
    {
        ImmutableArray<TracedPacket> packets = [Asked, Agreed with { IsTaken = false }, In(2, "ICMP port unreachable") with { Icmp = (3, 3), IsTaken = false }];
        (TraceVerdict verdict, string sentence) = TraceJudgement.Of("web1:80", packets, new TraceOutcome { Ending = TcpEnding.TimedOut });
        Assert.Equal(TraceVerdict.Unknown, verdict);
        Assert.Contains("no answer to 1 probe in 0.00 ms, but 2 packets that did not fit them", sentence, StringComparison.Ordinal);
        Assert.All(PacketExplanation.Of(packets).Skip(1), static line => Assert.Contains("old, astray or forged", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Storm_is_explained_in_good_time()
    {
        Stopwatch time = Stopwatch.StartNew();
        Assert.Equal(20_000, PacketExplanation.Of([.. Enumerable.Repeat(In(1, "RST"), 20_000)]).Length);
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static TraceVerdict Judge(TraceOutcome outcome, params TracedPacket[] packets) => TraceJudgement.Of("web1:80", [.. packets], outcome).Verdict;

    private static TracedPacket Out(double milliseconds, string flags) => new() { At = TimeSpan.FromMilliseconds(milliseconds), IsOutgoing = true, From = Us, Hops = 64, Flags = flags, Sequence = 0 };

    private static TracedPacket In(double milliseconds, string flags) => new() { At = TimeSpan.FromMilliseconds(milliseconds), IsOutgoing = false, From = Them, Hops = 60, Flags = flags, Sequence = 0 };
}
