using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes a plan in the shape "portcullis/plan/1" that other programs read.</summary>
internal static class PlanJson
{
    internal const string SchemaName = "portcullis/plan/1";

    /// <summary>The whole document, indented, with a final newline.</summary>
    internal static byte[] Write(Plan plan)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 14);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", SchemaName);
            writer.WriteString("id", plan.Id);
            writer.WriteString("policy", plan.Policy);
            writer.WriteBoolean("complete", plan.Complete);
            writer.WriteBoolean("applyable", plan.Refused is null && !plan.Steps.IsEmpty);
            writer.WriteString("refused", plan.Refused);
            ReachJson.Gaps(writer, plan.Gaps);
            writer.WriteStartArray("steps");
            foreach (PlanStep step in plan.Steps)
            {
                One(writer, step);
            }

            writer.WriteEndArray();
            ReachDifferenceJson.Changes(writer, plan.Difference);
            ReachJson.Answers(writer, "reachAfter", plan.After);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void One(Utf8JsonWriter writer, PlanStep step)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", step.Id);
        writer.WriteString("kind", PlanText.Word(step.Kind));
        writer.WriteString("subject", step.Subject);
        writer.WriteStartArray("why");
        foreach (string why in step.Why)
        {
            writer.WriteStringValue(why);
        }

        writer.WriteEndArray();
        writer.WriteString("effect", step.Effect);
        writer.WriteString("undo", step.Undo);
        writer.WriteString("risk", PlanText.Word(step.Risk));
        writer.WriteString("script", step.Script);
        writer.WriteEndObject();
    }
}
