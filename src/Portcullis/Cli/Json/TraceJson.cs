using System;
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes a trace in the shape "portcullis/trace/1" that other programs read.</summary>
internal static class TraceJson
{
    internal const string SchemaName = "portcullis/trace/1";

    internal const string ChangeSchemaName = "portcullis/trace-change/1";

    /// <summary>What has changed on the way since, one line.</summary>
    /// <param name="target">Target and port, as they were asked for.</param>
    /// <param name="at">When it was seen.</param>
    /// <param name="change">What has changed.</param>
    internal static byte[] Change(string target, DateTimeOffset at, string change) => Document(isIndented: false, writer =>
    {
        writer.WriteString("schema", ChangeSchemaName);
        writer.WriteString("target", target);
        writer.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        writer.WriteString("change", change);
    });

    /// <summary>The whole document, with a final newline.</summary>
    /// <param name="report">The trace.</param>
    /// <param name="isIndented">Whether it is laid out for people; else it is one line.</param>
    internal static byte[] Write(TraceReport report, bool isIndented = true) => Document(isIndented, writer =>
    {
        writer.WriteString("schema", SchemaName);
        writer.WriteString("target", $"{(report.Target.Contains(':', StringComparison.Ordinal) ? $"[{report.Target}]" : report.Target)}:{report.Port}");
        writer.WriteString("address", report.Address.ToString());
        writer.WriteBoolean("complete", report.Complete);
        ReachJson.Gaps(writer, report.Gaps);
        writer.WriteString("state", TraceText.Word(report.Verdict));
        writer.WriteString("sentence", report.Sentence);
        writer.WriteStartArray("packets");
        for (int at = 0; at < report.Packets.Length; at++)
        {
            One(writer, report.Packets[at], report.Explanations[at]);
        }

        writer.WriteEndArray();
        writer.WriteString("requestReason", report.RequestReason);
        writer.WriteBase64String("data", report.Data.AsSpan());
        writer.WriteStartArray("path");
        foreach (RouteHop hop in report.Path)
        {
            One(writer, hop);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("paths");
        foreach (RoutePath path in report.Paths)
        {
            writer.WriteStartObject();
            writer.WriteNumber("flows", path.Flows);
            writer.WriteStartArray("addresses");
            foreach (IpAddress? address in path.Addresses)
            {
                writer.WriteStringValue(address?.ToString());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static byte[] Document(bool isIndented, Action<Utf8JsonWriter> content)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 14);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = isIndented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void One(Utf8JsonWriter writer, TracedPacket packet, string explanation)
    {
        writer.WriteStartObject();
        writer.WriteNumber("atMs", Milliseconds(packet.At));
        writer.WriteString("direction", packet.IsOutgoing ? "out" : "in");
        writer.WriteString("from", packet.From.ToString());
        writer.WriteString("flags", packet.Flags);
        writer.WriteNumber("seq", packet.Sequence);
        Nullable(writer, "ack", packet.Acknowledgement);
        Nullable(writer, "relativeSeq", packet.RelativeSequence);
        Nullable(writer, "relativeAck", packet.RelativeAcknowledgement);
        writer.WriteNumber("length", packet.Length);
        writer.WriteBoolean("resend", packet.IsResend);
        writer.WriteBoolean("taken", packet.IsTaken);
        writer.WriteStartArray("options");
        foreach (string option in packet.Options)
        {
            writer.WriteStringValue(option);
        }

        writer.WriteEndArray();
        Nullable(writer, "window", packet.Window);
        writer.WriteNumber("hopLimit", packet.Hops);
        Nullable(writer, "rttMs", packet.RoundTrip);
        Nullable(writer, "gapMs", packet.Gap);
        Nullable(writer, "receiptFor", packet.ReceiptFor);
        writer.WriteString("explanation", explanation);
        writer.WriteEndObject();
    }

    private static void One(Utf8JsonWriter writer, RouteHop hop)
    {
        writer.WriteStartObject();
        writer.WriteNumber("hop", hop.Hop);
        writer.WriteStartArray("addresses");
        foreach (IpAddress address in hop.Addresses)
        {
            writer.WriteStringValue(address.ToString());
        }

        writer.WriteEndArray();
        writer.WriteNumber("lossPercent", hop.Sent == 0 ? 0 : Math.Round(100.0 * (hop.Sent - hop.Answered) / hop.Sent, 1));
        writer.WriteStartArray("rttMs");
        foreach (TimeSpan time in hop.RoundTrips)
        {
            writer.WriteNumberValue(Milliseconds(time));
        }

        writer.WriteEndArray();
        writer.WriteNumber("sent", hop.Sent);
        writer.WriteBoolean("lossGoesOn", hop.IsLossReal);
        writer.WriteBoolean("isTarget", hop.IsTarget);
        writer.WriteString("remark", hop.Remark);
        writer.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static void Nullable(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is long known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void Nullable(Utf8JsonWriter writer, string name, TimeSpan? value)
    {
        if (value is TimeSpan known)
        {
            writer.WriteNumber(name, Milliseconds(known));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
