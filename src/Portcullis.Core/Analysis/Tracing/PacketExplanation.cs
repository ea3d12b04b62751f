using System;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>Says for each packet of a trace in plain words what it is for.</summary>
public static class PacketExplanation
{
    /// <summary>A line for each packet.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<TracedPacket> packets)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>(packets.Length);
        bool hasOpened = false;
        for (int at = 0; at < packets.Length; at++)
        {
            lines.Add(One(packets, at, hasOpened));
            hasOpened |= packets[at] is { IsOutgoing: false, IsTaken: true } && TraceJudgement.Has(packets[at], "SYN");
        }

        return lines.MoveToImmutable();
    }

    private static string One(ImmutableArray<TracedPacket> packets, int at, bool hasOpened)
    {
        TracedPacket packet = packets[at];
        if (!packet.IsTaken && !packet.IsResend)
        {
            return packet.Icmp is null ? "Its numbers do not fit this connection as it stands: it is old, astray or forged, and nothing is taken of it."
                : $"{packet.From} tells of a packet that we did not send, or that has arrived: it is old, astray or forged, and proves nothing.";
        }

        if (packet.Icmp is (int type, int code))
        {
            return Message(packet, type, code);
        }

        string again = packet.IsResend && packet.Gap is TimeSpan gap
            ? packet.IsOutgoing
                ? $"No receipt came within {TraceJudgement.Time(gap)}, so we send this again. "
                : $"It sends this again after {TraceJudgement.Time(gap)}: it has not seen our receipt. "
            : "";
        return again + (
            TraceJudgement.Has(packet, "RST") ? Reset(packet, hasOpened)
            : TraceJudgement.Has(packet, "SYN") ? Begin(packet)
            : TraceJudgement.Has(packet, "FIN") ? End(packet)
            : packet.Length > 0 ? Data(packet)
            : Receipt(packets, at));
    }

    private static string Begin(TracedPacket packet) => (packet.IsOutgoing, TraceJudgement.Has(packet, "ACK")) switch
    {
        (true, false) => Text($"We ask for a connection (SYN) and begin to count at {packet.Sequence}, a number that nobody can guess."),
        (false, true) => Text($"The other side agrees (SYN), begins to count at {packet.Sequence}, and gives the receipt for our SYN: {packet.Acknowledgement} is what it expects next (ACK)."),
        (false, false) => "The other side asks for a connection in the same moment.",
        (true, true) => "We agree, and give the receipt for its SYN.",
    };

    private static string End(TracedPacket packet)
    {
        string data = packet.Length > 0 ? Data(packet) + " " : "";
        return data + (packet.IsOutgoing
            ? "We have no more to send (FIN)."
            : $"The other side has no more to send (FIN){(packet.ReceiptFor is not null ? ", and gives the receipt for what we sent" : "")}.");
    }

    private static string Reset(TracedPacket packet, bool hasOpened) =>
        packet.IsOutgoing ? "We give the connection up (RST)."
        : hasOpened ? "The other side ends the connection at once (RST), whatever was still on its way."
        : "The host answers that there is no such connection and none to be had (RST): nothing listens on this port.";

    private static string Data(TracedPacket packet)
    {
        long first = packet.RelativeSequence ?? packet.Sequence;
        return Text($"{(packet.IsOutgoing ? "We send" : "It sends")} {packet.Length} byte{(packet.Length == 1 ? "" : "s")} of data, numbered {first} to {first + packet.Length - 1}{(packet.ReceiptFor is not null ? ", with the receipt for what came before" : "")}.");
    }

    private static string Receipt(ImmutableArray<TracedPacket> packets, int at)
    {
        TracedPacket packet = packets[at];
        string whose = packet.IsOutgoing ? "Our" : "Its";
        if (packet.ReceiptFor is int index)
        {
            TracedPacket sent = packets[index];
            string what = TraceJudgement.Has(sent, "SYN") ? (packet.IsOutgoing ? "SYN: the connection stands" : "SYN")
                : TraceJudgement.Has(sent, "FIN") ? "FIN"
                : Text($"bytes up to {(sent.RelativeSequence ?? sent.Sequence) + sent.Length - 1}");
            return $"{whose} receipt for the {what}.";
        }

        return packet.Window == 0 ? $"{whose} window is shut: nothing more is taken for now." : $"{whose} receipt once more: what is expected next has not come, or the window has changed.";
    }

    private static string Message(TracedPacket packet, int type, int code)
    {
        string who = packet.From.ToString();
        return IcmpMessage.SaysTimeExceeded(packet.From.Version, type, code) ? $"{who}, a router, threw our packet away: it had passed as many routers as it was allowed to."
            : IcmpMessage.SaysRefused(packet.From.Version, type, code) ? $"{who} refuses to deliver our packet, and says so."
            : IcmpMessage.SaysUnreachable(packet.From.Version, type, code) ? $"{who} cannot deliver our packet."
            : $"{who} tells of a trouble with our packet.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
