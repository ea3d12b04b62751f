using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Core.Analysis;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes a reach report in the shape "portcullis/reach/1" that other programs read.</summary>
internal static class ReachJson
{
    internal const string SchemaName = "portcullis/reach/1";

    /// <summary>The whole document, indented, with a final newline.</summary>
    /// <param name="report">The answers.</param>
    /// <param name="walks">The walks of some packets; null where they were not asked for.</param>
    internal static byte[] Write(ReachReport report, ImmutableArray<Witness>? walks)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 14);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", SchemaName);
            writer.WriteBoolean("complete", report.Complete);
            Gaps(writer, report.Gaps);
            Answers(writer, "answers", report);
            if (walks is { } shown)
            {
                writer.WriteStartArray("walks");
                foreach (Witness walk in shown)
                {
                    One(writer, walk);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The answers, as a property.</summary>
    internal static void Answers(Utf8JsonWriter writer, string name, ReachReport report)
    {
        writer.WriteStartArray(name);
        foreach (ReachAnswer answer in report.Answers)
        {
            One(writer, answer);
        }

        writer.WriteEndArray();
    }

    private static void One(Utf8JsonWriter writer, Witness witness)
    {
        writer.WriteStartObject();
        writer.WriteString("protocol", ListenerKey.Word(witness.Protocol));
        writer.WriteString("source", witness.Source.ToString());
        writer.WriteNumber("sourcePort", witness.SourcePort);
        writer.WriteString("destination", witness.Destination.ToString());
        writer.WriteNumber("port", witness.Port);
        writer.WriteString("interface", witness.Interface);
        writer.WriteString("verdict", ReachText.Word(witness.Verdict));
        writer.WriteString("by", witness.Walk.By?.ToString());
        writer.WriteStartArray("steps");
        foreach (WalkEvent step in witness.Walk.Events)
        {
            writer.WriteStartObject();
            writer.WriteString("hook", step.Hook);
            writer.WriteString("rule", step.Place?.ToString());
            writer.WriteString("did", step.Did);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What was not seen.</summary>
    internal static void Gaps(Utf8JsonWriter writer, ImmutableArray<Gap> gaps)
    {
        writer.WriteStartArray("gaps");
        foreach (Gap gap in gaps)
        {
            writer.WriteStartObject();
            writer.WriteString("what", gap.What);
            writer.WriteString("why", gap.Why);
            writer.WriteString("remedy", gap.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void One(Utf8JsonWriter writer, ReachAnswer answer)
    {
        writer.WriteStartObject();
        Properties(writer, answer);
        writer.WriteEndObject();
    }

    /// <summary>The properties of an answer.</summary>
    internal static void Properties(Utf8JsonWriter writer, ReachAnswer answer)
    {
        writer.WriteString("family", answer.Version == IpVersion.V4 ? "ipv4" : "ipv6");
        writer.WriteString("protocol", ListenerKey.Word(answer.Protocol));
        writer.WriteString("ports", ReachText.Ports(answer.Ports));
        writer.WriteString("from", answer.From);
        writer.WriteString("interface", answer.Interface);
        writer.WriteString("to", answer.To);
        writer.WriteString("verdict", ReachText.Word(answer.Verdict));
        writer.WriteString("by", answer.By);
        writer.WriteStartArray("dependsOn");
        foreach (string what in answer.DependsOn)
        {
            writer.WriteStringValue(what);
        }

        writer.WriteEndArray();
    }
}
