using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>Says what the packets of a trace mean: a verdict and one plain sentence.</summary>
public static class TraceJudgement
{
    /// <summary>Judges.</summary>
    /// <param name="target">The target as people name it, with its port.</param>
    /// <param name="packets">The packets, by time.</param>
    /// <param name="hasGivenUp">Whether we waited for an answer as long as we meant to.</param>
    /// <param name="ended">When the trace ended.</param>
    public static (TraceVerdict Verdict, string Sentence) Of(string target, ImmutableArray<TracedPacket> packets, bool hasGivenUp, TimeSpan ended)
    {
        int opened = IndexOf(packets, static packet => !packet.IsOutgoing && Has(packet, "SYN") && Has(packet, "ACK"));
        int probes = packets.Count(static packet => packet.IsOutgoing && Has(packet, "SYN"));
        if (opened >= 0)
        {
            return Opened(target, packets, opened);
        }

        TracedPacket? reset = packets.FirstOrDefault(static packet => !packet.IsOutgoing && Has(packet, "RST"));
        if (reset is not null)
        {
            return (TraceVerdict.Closed, $"{target} is closed: the host is there and answered with a reset (RST){After(reset.RoundTrip)}; nothing listens on that port, or a firewall answers so.");
        }

        TracedPacket? message = packets.FirstOrDefault(static packet => packet.Icmp is (int type, int code) && IcmpWords.IsUnreachable(packet.From.Version, type, code));
        if (message is { Icmp: (int kind, int detail) })
        {
            string said = $"{message.From} says \"{message.Flags["ICMP ".Length..]}\" (ICMP type {kind}, code {detail}){After(message.RoundTrip)}";
            return IcmpWords.IsRefusal(message.From.Version, kind, detail)
                ? (TraceVerdict.Rejected, $"{target} is rejected: {said}; a firewall refuses the connection, and says so.")
                : (TraceVerdict.Unknown, $"{target} could not be reached: {said}.");
        }

        return hasGivenUp
            ? (TraceVerdict.Filtered, $"{target} is filtered: nothing came back for {Count(probes, "probe")} in {Time(ended)}; a firewall drops them, or no such host is there.")
            : (TraceVerdict.Unknown, $"{target}: nothing had come back for {Count(probes, "probe")} when the trace was ended after {Time(ended)}.");
    }

    /// <summary>A time as people read it: "0.21 ms", "1.5 s".</summary>
    public static string Time(TimeSpan time)
    {
        double milliseconds = time.TotalMilliseconds;
        string text = milliseconds >= 999.5 ? (milliseconds / 1000).ToString(milliseconds < 99_500 ? "0.0#" : "0", CultureInfo.InvariantCulture)
            : milliseconds.ToString(milliseconds < 9.995 ? "0.00" : milliseconds < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return text + (milliseconds >= 999.5 ? " s" : " ms");
    }

    /// <summary>Whether a segment has a control bit.</summary>
    internal static bool Has(TracedPacket packet, string bit) => packet.Icmp is null && packet.Flags.Contains(bit, StringComparison.Ordinal);

    private static (TraceVerdict Verdict, string Sentence) Opened(string target, ImmutableArray<TracedPacket> packets, int opened)
    {
        TracedPacket answer = packets[opened];
        int resent = packets.Take(opened).Count(static packet => packet.IsOutgoing && Has(packet, "SYN") && packet.IsResend);
        string accepted = $"it accepted the connection{(resent > 0 ? $" at the {Ordinal(resent + 1)} try" : "")}{After(answer.RoundTrip)}";
        TracedPacket? end = packets.Skip(opened + 1).FirstOrDefault(static packet => !packet.IsOutgoing && (Has(packet, "RST") || Has(packet, "FIN")));
        bool wasOurs = end is not null && packets.Any(packet => packet.IsOutgoing && (Has(packet, "FIN") || Has(packet, "RST")) && packet.At < end.At);
        int received = packets.Where(static packet => !packet.IsOutgoing && !packet.IsResend).Sum(static packet => packet.Length);
        if (end is not null && !wasOurs && received == 0)
        {
            string how = Has(end, "RST") ? "reset it" : "closed it";
            return (TraceVerdict.AcceptedThenDropped, $"{target} accepted the connection{After(answer.RoundTrip)}, then {how} {Time(end.At - answer.At)} later without a word: an access list, a limit, or a service behind it that is missing.");
        }

        return (TraceVerdict.Open, $"{target} is open: {accepted}{(received > 0 ? $" and sent {Count(received, "byte")}" : "")}.");
    }

    private static string After(TimeSpan? roundTrip) => roundTrip is TimeSpan time ? $" after {Time(time)}" : "";

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Ordinal(int number) => number switch { 2 => "second", 3 => "third", _ => string.Create(CultureInfo.InvariantCulture, $"{number}th") };

    private static int IndexOf(ImmutableArray<TracedPacket> packets, Func<TracedPacket, bool> isIt)
    {
        for (int at = 0; at < packets.Length; at++)
        {
            if (isIt(packets[at]))
            {
                return at;
            }
        }

        return -1;
    }
}
