using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Scanning;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes what a scan found in the shape "portcullis/scan/1" that other programs read.</summary>
internal static class ScanJson
{
    internal const string SchemaName = "portcullis/scan/1";

    /// <summary>The whole document, with a final newline.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="isLine">Whether it is one of several, each on a line of its own.</param>
    internal static byte[] Write(ScanReport report, bool isLine)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 14);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = !isLine, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", SchemaName);
            writer.WriteString("target", report.Target);
            writer.WriteString("address", report.Address.ToString());
            Nullable(writer, "source", report.Source?.ToString());
            writer.WriteBoolean("complete", report.Complete);
            ReachJson.Gaps(writer, report.Gaps);
            Nullable(writer, "method", report.Method?.ToString().ToLowerInvariant());
            writer.WriteStartArray("ports");
            foreach (ScannedPort port in StateGroups.Told(report))
            {
                One(writer, port);
            }

            writer.WriteEndArray();
            Summary(writer, report);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void One(Utf8JsonWriter writer, ScannedPort port)
    {
        writer.WriteStartObject();
        writer.WriteString("protocol", ListenerKey.Word(port.Protocol));
        writer.WriteNumber("port", port.Port);
        writer.WriteString("state", StateGroups.Word(port.State));
        ServiceJson.Write(writer, port.Dialogue);
        Nullable(writer, "rttMs", port.RoundTrip / 1000.0, 3);
        writer.WriteNumber("probes", port.Probes);
        Nullable(writer, "by", port.By?.ToString());
        writer.WriteEndObject();
    }

    private static void Summary(Utf8JsonWriter writer, ScanReport report)
    {
        int[] counts = StateGroups.Counts(report);
        writer.WriteStartObject("summary");
        writer.WriteNumber("probed", report.Ports.Length);
        foreach (PortState state in StateGroups.InOrder)
        {
            writer.WriteNumber(StateGroups.Name(state), counts[(int)state]);
        }

        writer.WriteNumber("seconds", Math.Round(report.Seconds, 3));
        writer.WriteNumber("packetsSent", report.PacketsSent);
        Nullable(writer, "loss", report.Loss, 5);
        writer.WriteNumber("probesForSilence", report.ProbesForSilence);
        Nullable(writer, "missChance", report.MissChance, 9);
        writer.WriteEndObject();
    }

    private static void Nullable(Utf8JsonWriter writer, string name, double? value, int digits)
    {
        if (value is double number)
        {
            writer.WriteNumber(name, Math.Round(number, digits));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void Nullable(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }
}
