using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>Says what a trace means: a verdict and one plain sentence. What our TCP made of the packets counts, not what they claim.</summary>
public static class TraceJudgement
{
    /// <summary>Judges.</summary>
    /// <param name="target">The target as people name it, with its port.</param>
    /// <param name="packets">The packets, by time.</param>
    /// <param name="outcome">What became of the connection.</param>
    public static (TraceVerdict Verdict, string Sentence) Of(string target, ImmutableArray<TracedPacket> packets, TraceOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.HasStood)
        {
            return Opened(target, packets, outcome);
        }

        if (outcome.Ending == TcpEnding.Refused)
        {
            TracedPacket? reset = packets.FirstOrDefault(static packet => IsAnswer(packet) && Has(packet, "RST"));
            return (TraceVerdict.Closed, $"{target} is closed: the host is there and answered with a reset (RST){After(reset?.RoundTrip)}; nothing listens on that port, or a firewall answers so.");
        }

        TracedPacket? message = packets.FirstOrDefault(static packet => packet.IsTaken && packet.Icmp is (int type, int code) && IcmpMessage.SaysUnreachable(packet.From.Version, type, code))
            ?? packets.FirstOrDefault(static packet => packet is { IsTaken: true, Icmp: not null });
        return message is { Icmp: (int kind, int detail) } ? Told(target, message, kind, detail) : Unanswered(target, packets, outcome);
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

    /// <summary>Whether a segment came from the peer and was taken.</summary>
    private static bool IsAnswer(TracedPacket packet) => packet is { IsOutgoing: false, IsTaken: true, Icmp: null };

    private static (TraceVerdict Verdict, string Sentence) Opened(string target, ImmutableArray<TracedPacket> packets, TraceOutcome outcome)
    {
        TracedPacket? answer = packets.FirstOrDefault(static packet => IsAnswer(packet) && Has(packet, "SYN"));
        TimeSpan answered = answer?.At ?? TimeSpan.Zero;
        int resent = packets.Count(packet => packet.IsOutgoing && Has(packet, "SYN") && packet.IsResend && packet.At < answered);
        string accepted = $"it accepted the connection{(resent > 0 ? $" at the {Ordinal(resent + 1)} try" : "")}{After(answer?.RoundTrip)}";
        if (outcome is { IsEndedByPeer: true, Received: 0 } && packets.FirstOrDefault(static packet => IsAnswer(packet) && (Has(packet, "RST") || Has(packet, "FIN"))) is TracedPacket end)
        {
            string how = Has(end, "RST") ? "reset it" : "closed it";
            return (TraceVerdict.AcceptedThenDropped, $"{target} accepted the connection{After(answer?.RoundTrip)}, then {how} {Time(end.At - answered)} later without a word: an access list, a limit, or a service behind it that is missing.");
        }

        return (TraceVerdict.Open, $"{target} is open: {accepted}{(outcome.Received > 0 ? $" and sent {Count(outcome.Received, "byte")}" : "")}.");
    }

    private static (TraceVerdict Verdict, string Sentence) Told(string target, TracedPacket message, int type, int code)
    {
        IpVersion version = message.From.Version;
        string said = $"{message.From} says \"{message.Flags["ICMP ".Length..]}\" (ICMP type {type}, code {code}){After(message.RoundTrip)}";
        return IcmpMessage.SaysRefused(version, type, code) ? (TraceVerdict.Rejected, $"{target} is rejected: {said}; a firewall refuses the connection, and says so.")
            : IcmpMessage.SaysTimeExceeded(version, type, code) ? (TraceVerdict.Unknown, $"{target} could not be reached: {said}; the packets go in a circle, or the way has more hops than they may pass.")
            : (TraceVerdict.Unknown, $"{target} could not be reached: {said}.");
    }

    private static (TraceVerdict Verdict, string Sentence) Unanswered(string target, ImmutableArray<TracedPacket> packets, TraceOutcome outcome)
    {
        string probes = $"{Count(packets.Count(static packet => packet.IsOutgoing && Has(packet, "SYN") && !Has(packet, "ACK")), "probe")} in {Time(outcome.EndedAt)}";
        int foreign = packets.Count(static packet => packet is { IsOutgoing: false, IsTaken: false });
        return packets.Any(IsAnswer) ? (TraceVerdict.Unknown, $"{target}: it asked for a connection in the same moment, and never gave the receipt for ours.")
            : foreign > 0 ? (TraceVerdict.Unknown, $"{target}: no answer to {probes}, but {Count(foreign, "packet")} that did not fit them, and {(foreign == 1 ? "proves" : "prove")} nothing: somebody on the way remembers another connection, or forges.")
            : outcome.Ending == TcpEnding.TimedOut ? (TraceVerdict.Filtered, $"{target} is filtered: nothing came back for {probes}; a firewall drops them, or no such host is there.")
            : (TraceVerdict.Unknown, $"{target}: nothing had come back for {Count(packets.Count(static packet => packet.IsOutgoing), "probe")} when the trace was ended after {Time(outcome.EndedAt)}.");
    }

    private static string After(TimeSpan? roundTrip) => roundTrip is TimeSpan time ? $" after {Time(time)}" : "";

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Ordinal(int number) => number switch { 2 => "second", 3 => "third", _ => string.Create(CultureInfo.InvariantCulture, $"{number}th") };
}
