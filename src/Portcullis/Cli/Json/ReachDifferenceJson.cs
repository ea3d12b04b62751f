using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes what a change of rules opens and closes in the shape "portcullis/reach-difference/1" that other programs read.</summary>
internal static class ReachDifferenceJson
{
    internal const string SchemaName = "portcullis/reach-difference/1";

    /// <summary>The whole document, indented, with a final newline.</summary>
    internal static byte[] Write(ReachDifference difference)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 14);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", SchemaName);
            writer.WriteBoolean("complete", difference.Complete);
            ReachJson.Gaps(writer, difference.Gaps);
            Changes(writer, difference);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The changes, as the property "changes".</summary>
    internal static void Changes(Utf8JsonWriter writer, ReachDifference difference)
    {
        writer.WriteStartArray("changes");
        foreach (ReachChange change in difference.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", change.Opens ? "opens" : change.Closes ? "closes" : "moves");
            writer.WriteString("was", ReachText.Word(change.Was));
            writer.WriteString("wasBy", change.WasBy);
            writer.WriteString("wasTo", change.WasTo);
            ReachJson.Properties(writer, change.Is);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
