using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a trace as a ladder: time goes down, packets go across.</summary>
internal static class TraceText
{
    private const int Across = 24;
    private const int TimeWidth = 10;
    private const int MostRows = 200;
    private const int MostDataLines = 20;
    private const int DetailIndent = TimeWidth + Across + 4;

    /// <summary>The whole text.</summary>
    /// <param name="report">The trace.</param>
    /// <param name="terminal">How it may look.</param>
    /// <param name="isExplained">Whether each packet gets a line in plain words.</param>
    internal static string Render(TraceReport report, Terminal terminal, bool isExplained)
    {
        StringBuilder text = new();
        if (!report.Packets.IsEmpty)
        {
            Ladder(text, report, terminal, isExplained);
        }

        if (report.RequestReason is string reason)
        {
            Wrap.WriteTo(text, PlainText.Of(reason), terminal.Width, "");
            text.Append('\n');
        }

        Data(text, report, terminal);
        PathText.WriteTo(text, report, terminal);
        Painted(text, PlainText.Of(report.Sentence), "", report.Verdict == TraceVerdict.Open ? Style.Strong : Style.Notable, terminal);
        GapList.WriteTo(text, report.Gaps, terminal);
        return text.ToString();
    }

    /// <summary>The verdict in the words of the contract.</summary>
    internal static string Word(TraceVerdict verdict) => verdict switch
    {
        TraceVerdict.Unknown => "unknown",
        TraceVerdict.Open => "open",
        TraceVerdict.Closed => "closed",
        TraceVerdict.Filtered => "filtered",
        TraceVerdict.Rejected => "rejected",
        TraceVerdict.AcceptedThenDropped => "accepted-then-dropped",
    };

    private static void Ladder(StringBuilder text, TraceReport report, Terminal terminal, bool isExplained)
    {
        string ours = End(report.Source?.ToString() ?? "", report.SourcePort);
        string theirs = End(report.Address.ToString(), report.Port);
        text.Append(' ', TimeWidth).Append("  ").Append(ours).Append(' ', Math.Max(2, Across - ours.Length)).Append(theirs).Append("\n\n");
        int count = Math.Min(report.Packets.Length, MostRows);
        for (int at = 0; at < count; at++)
        {
            TracedPacket packet = report.Packets[at];
            string time = TraceJudgement.Time(packet.At).PadLeft(TimeWidth);
            string arrow = Arrow(packet, terminal.Unicode);
            Style style = packet.IsResend || packet.Icmp is not null || TraceJudgementStyle(packet) ? Style.Notable : Style.Plain;
            string lead = $"{time}  {Paint.With(arrow, style, terminal)}";
            Details(text, lead, DetailsOf(packet), terminal);
            if (isExplained)
            {
                string indent = new(' ', TimeWidth + 2);
                Painted(text, indent + report.Explanations[at], indent, Style.Faint, terminal);
            }
        }

        if (report.Packets.Length > count)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new string(' ', TimeWidth + 2)}and {report.Packets.Length - count} more packets (--json or --pcap have them all)\n");
        }

        text.Append('\n');
    }

    /// <summary>Breaks first and colours then: the marks of a colour take no columns.</summary>
    private static void Painted(StringBuilder text, string line, string indent, Style style, Terminal terminal)
    {
        StringBuilder wrapped = new();
        Wrap.WriteTo(wrapped, line, terminal.Width, indent);
        text.Append(Paint.With(wrapped.ToString().TrimEnd('\n'), style, terminal)).Append('\n');
    }

    private static bool TraceJudgementStyle(TracedPacket packet) => packet.Flags.Contains("RST", StringComparison.Ordinal);

    /// <summary>"──── SYN ────▶".</summary>
    private static string Arrow(TracedPacket packet, bool isUnicode)
    {
        string flags = packet.Icmp is null ? packet.Flags : "ICMP";
        char line = isUnicode ? (packet.IsResend ? '╌' : '─') : (packet.IsResend ? '.' : '-');
        string label = $" {flags} ";
        int rest = Math.Max(Across - 1 - label.Length, 2);
        string body = new string(line, rest / 2) + label + new string(line, rest - (rest / 2));
        return packet.IsOutgoing ? body + (isUnicode ? '▶' : '>') : (isUnicode ? '◀' : '<') + body;
    }

    private static IEnumerable<string> DetailsOf(TracedPacket packet)
    {
        if (packet.Icmp is (int type, int code))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{packet.From} says: {packet.Flags["ICMP ".Length..]} (type {type}, code {code})");
        }

        yield return $"seq {Both(packet.RelativeSequence, packet.Sequence)}";
        if (packet.Acknowledgement is uint acknowledgement)
        {
            yield return $"ack {Both(packet.RelativeAcknowledgement, acknowledgement)}";
        }

        if (packet.Length > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{packet.Length} byte{(packet.Length == 1 ? "" : "s")}");
        }

        if (packet.Window is int window && !packet.Flags.Contains("RST", StringComparison.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"window {window}");
        }

        if (!packet.Options.IsEmpty)
        {
            yield return string.Join(", ", packet.Options);
        }

        if (packet.RoundTrip is TimeSpan time)
        {
            yield return $"rtt {TraceJudgement.Time(time)}";
        }

        if (packet.Gap is TimeSpan gap)
        {
            yield return $"sent again after {TraceJudgement.Time(gap)}";
        }

        if (!packet.IsTaken)
        {
            yield return "not taken";
        }

        if (!packet.IsOutgoing)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"ttl {packet.Hops}");
        }
    }

    private static string Both(long? relative, uint raw) =>
        relative is long number ? string.Create(CultureInfo.InvariantCulture, $"{number} ({raw})") : raw.ToString(CultureInfo.InvariantCulture);

    /// <summary>As many on a line as have room; only what is wider than a whole line is broken itself.</summary>
    private static void Details(StringBuilder text, string lead, IEnumerable<string> details, Terminal terminal)
    {
        string indent = new(' ', DetailIndent);
        int? room = terminal.Width - DetailIndent;
        text.Append(lead).Append("  ");
        int used = 0;
        foreach (string detail in details)
        {
            if (used > 0 && used + 2 + detail.Length > room)
            {
                text.Append('\n').Append(indent);
                used = 0;
            }

            StringBuilder wrapped = new();
            Wrap.WriteTo(wrapped, indent + detail, terminal.Width, indent);
            string part = wrapped.ToString().TrimEnd('\n')[DetailIndent..];
            text.Append(used > 0 ? "  " : "").Append(part);
            int lastLine = part.LastIndexOf('\n');
            used = lastLine < 0 ? (used > 0 ? used + 2 : 0) + part.Length : part.Length - lastLine - 1 - DetailIndent;
        }

        text.Append('\n');
    }

    /// <summary>What the peer said, its first lines.</summary>
    private static void Data(StringBuilder text, TraceReport report, Terminal terminal)
    {
        if (report.Data.IsEmpty)
        {
            return;
        }

        string least = report.Data.Length >= TraceReport.MostData ? "at least " : "";
        text.Append(CultureInfo.InvariantCulture, $"It sent {least}{report.Data.Length:N0} byte{(report.Data.Length == 1 ? "" : "s")}:\n");
        string[] lines = Encoding.UTF8.GetString(report.Data.AsSpan()[..Math.Min(report.Data.Length, 4096)]).Split('\n');
        int count = lines.Length > 1 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        foreach (string line in lines.Take(Math.Min(count, MostDataLines)))
        {
            string safe = PlainText.Of(line.TrimEnd('\r'));
            text.Append($"  {Shortened(safe, terminal)}".TrimEnd()).Append('\n');
        }

        text.Append(count > MostDataLines ? "  ...\n\n" : "\n");
    }

    private static string Shortened(string line, Terminal terminal)
    {
        int room = (terminal.Width ?? 160) - 3;
        return line.Length <= room ? line : line[..room] + (terminal.Unicode ? "…" : "~");
    }

    private static string End(string address, ushort port) => string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");
}
