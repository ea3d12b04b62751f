using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Cli;

/// <summary>Traces as the model holds them, of connections that never were.</summary>
internal static class TraceSamples
{
    private const uint Ours = 2_864_434_397;
    private const uint Theirs = 4_026_531_839;
    private static readonly IpAddress s_us = IpAddress.Parse("10.0.5.1");
    private static readonly IpAddress s_them = IpAddress.Parse("10.0.5.7");
    private static readonly IpAddress s_firewall = IpAddress.Parse("10.0.5.254");

    /// <summary>A connection with all that a ladder shows: options, data, receipts, a resend each way, and the end.</summary>
    internal static TraceReport Open { get; } = Report(
        TraceVerdict.Open,
        "web1:80 is open: it agreed (SYN-ACK) after 1.2 ms, and sent 66 bytes.",
        Out(0, "SYN", 0, null) with { Window = 65_535, Options = ["mss 1460", "sackOK", "wscale 4"] },
        In(1.2, "SYN,ACK", 0, 1) with { Window = 64_240, Options = ["mss 1460", "sackOK", "wscale 7"], RoundTrip = Ms(1.2), ReceiptFor = 0 },
        Out(1.3, "ACK", 1, 1) with { ReceiptFor = 1 },
        Out(1.4, "PSH,ACK", 1, 1) with { Length = 85 },
        Out(1001.4, "PSH,ACK", 1, 1) with { Length = 85, IsResend = true, Gap = Ms(1000) },
        In(1002.6, "ACK", 1, 86) with { Window = 64_512, ReceiptFor = 4 },
        In(1003.1, "PSH,ACK", 1, 86) with { Window = 64_512, Length = 66 },
        In(1204.0, "PSH,ACK", 1, 86) with { Window = 64_512, Length = 66, IsResend = true, Gap = Ms(200.9) },
        Out(1204.1, "ACK", 86, 67) with { ReceiptFor = 6 },
        In(1204.9, "FIN,ACK", 67, 86) with { Window = 64_512 },
        Out(1205.0, "FIN,ACK", 86, 68) with { ReceiptFor = 9 },
        In(1206.2, "ACK", 68, 87) with { Window = 64_512, RoundTrip = Ms(1.2), ReceiptFor = 10 }) with
    {
        RequestReason = "Asked: the first question of http, usual on port 80; it changes nothing there.",
        Data = [.. Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\nServer: nginx/1.22.1\r\nX-Odd: \u001b[2Jgone\r\n\r\n")],
    };

    /// <summary>A port that nothing listens on.</summary>
    internal static TraceReport Closed { get; } = Report(
        TraceVerdict.Closed,
        "web1:80 is closed: it answered with a reset (RST) after 0.9 ms; nothing listens there.",
        Out(0, "SYN", 0, null) with { Window = 65_535, Options = ["mss 1460", "sackOK", "wscale 4"] },
        In(0.9, "RST,ACK", null, 1) with { Sequence = 0, RoundTrip = Ms(0.9), ReceiptFor = 0, Window = 0 });

    /// <summary>A port that a firewall on the way refuses, once it was asked a second time; and what the trace could not see.</summary>
    internal static TraceReport Rejected { get; } = Report(
        TraceVerdict.Rejected,
        "web1:80 is rejected: 10.0.5.254 says \"administratively prohibited\" (ICMP type 3, code 13).",
        Out(0, "SYN", 0, null) with { Window = 65_535, Options = ["mss 1460", "sackOK", "wscale 4"] },
        Out(1000, "SYN", 0, null) with { Window = 65_535, Options = ["mss 1460", "sackOK", "wscale 4"], IsResend = true, Gap = Ms(1000) },
        In(1001.7, "ICMP administratively prohibited", 0, null) with { From = s_firewall, Hops = 255, Icmp = (3, 13), Sequence = Ours, ReceiptFor = 1 }) with
    {
        Gaps = [new Gap("the way there", "this kernel does not let itself be kept out of the connection (Operation not permitted)", "run with sudo, or with CAP_NET_ADMIN beside CAP_NET_RAW")],
    };

    /// <summary>Two ways, a router that answers seldom, and loss that goes on to the end.</summary>
    internal static TraceReport Balanced { get; } = Closed with
    {
        Packets = [],
        Explanations = [],
        Path =
        [
            Hop(1, 8, [0.4, 0.5, 0.5, 0.6, 0.7], "10.0.5.254"),
            Hop(2, 8, [3.1, 3.2, 3.2, 3.3, 3.3, 3.4, 3.9, 12.5], "172.16.12.2", "172.16.13.2"),
            Hop(3, 8, []),
            Hop(4, 8, [9.8, 10, 10.1, 10.2, 10.4, 1210], "192.168.104.202") with { IsLossReal = true },
            Hop(5, 8, [11.1, 11.2, 11.3, 11.3, 11.9, 12], "10.0.5.7") with { IsLossReal = true, IsTarget = true },
        ],
        Paths = [Way(5, "10.0.5.254", "172.16.12.2", null, "192.168.104.202", "10.0.5.7"), Way(3, "10.0.5.254", "172.16.13.2", null, "192.168.104.202", "10.0.5.7")],
    };

    /// <summary>A way over IPv6 that ends at a router which refuses.</summary>
    internal static TraceReport Refused { get; } = Rejected with
    {
        Gaps = [],
        Packets = [],
        Explanations = [],
        Path =
        [
            Hop(1, 8, [0.2, 0.3], "2001:db8:fade:1::1"),
            Hop(2, 8, [20.1, 20.2, 20.4, 20.4, 20.5, 20.6, 20.8, 21.3], "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe") with { Remark = "administratively prohibited" },
        ],
        Paths = [Way(8, "2001:db8:fade:1::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe")],
    };

    private static TraceReport Report(TraceVerdict verdict, string sentence, params ImmutableArray<TracedPacket> packets) => new()
    {
        Target = "web1",
        Address = s_them,
        Port = 80,
        Source = s_us,
        SourcePort = 40_112,
        Verdict = verdict,
        Sentence = sentence,
        Packets = packets,
        Explanations = PacketExplanation.Of(packets),
    };

    private static TracedPacket Out(double at, string flags, long sequence, long? acknowledgement) => Packet(at, flags, sequence, acknowledgement, Ours, Theirs) with { IsOutgoing = true, From = s_us, Window = 65_536 };

    private static TracedPacket In(double at, string flags, long? sequence, long? acknowledgement) => Packet(at, flags, sequence, acknowledgement, Theirs, Ours);

    private static TracedPacket Packet(double at, string flags, long? sequence, long? acknowledgement, uint own, uint other) => new()
    {
        At = Ms(at),
        IsOutgoing = false,
        From = s_them,
        Hops = 64,
        Flags = flags,
        RelativeSequence = sequence,
        Sequence = own + (uint)(sequence ?? 0),
        RelativeAcknowledgement = acknowledgement,
        Acknowledgement = acknowledgement is long number ? other + (uint)number : null,
    };

    private static RouteHop Hop(int hop, int sent, double[] trips, params string[] addresses) => new()
    {
        Hop = hop,
        Sent = sent,
        Answered = trips.Length,
        RoundTrips = [.. trips.Select(Ms)],
        Addresses = [.. addresses.Select(static address => IpAddress.Parse(address))],
    };

    private static RoutePath Way(int flows, params string?[] addresses) => new(flows, [.. addresses.Select(static address => address is null ? (IpAddress?)null : IpAddress.Parse(address))]);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
