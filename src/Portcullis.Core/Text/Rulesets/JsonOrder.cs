using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portcullis.Core.Text.Rulesets;

/// <summary>
/// Puts the objects of an "nft -j" listing into an order in which nft takes them in again: it prints a map before the chains that its verdicts name
/// (seen with nft 1.0.6), and then refuses its own words.
/// </summary>
public static class JsonOrder
{
    /// <summary>What has to be there before what: the later in this list may name the earlier.</summary>
    private static readonly string[] Kinds = ["metainfo", "table", "chain", "counter", "quota", "limit", "secmark", "ct helper", "ct timeout", "ct expectation", "synproxy", "flowtable", "set", "map", "element", "rule"];

    /// <summary>
    /// What keeps a text from being a listing or a list of commands, as the rest of a sentence about it; null for nothing. nft itself takes broken
    /// JSON for nothing at all, and says that all went well (seen with 1.0.6).
    /// </summary>
    internal static string? Fault(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("nftables", out JsonElement objects) && objects.ValueKind == JsonValueKind.Array ? null
                : "is JSON, but not that of nft: it has no list \"nftables\"";
        }
        catch (JsonException fault)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is broken JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            return "is JSON with a name that is no text";
        }
    }

    /// <summary>The listing in that order; the same text where it is no such listing, or holds commands, whose order is their author's.</summary>
    /// <param name="json">The text.</param>
    public static string Settle(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("nftables", out JsonElement objects) || objects.ValueKind != JsonValueKind.Array)
            {
                return json;
            }

            List<(int Rank, JsonElement Object)> ranked = [];
            foreach (JsonElement one in objects.EnumerateArray())
            {
                int rank = one.ValueKind == JsonValueKind.Object && one.EnumerateObject().Count() == 1 ? Array.IndexOf(Kinds, one.EnumerateObject().First().Name) : -1;
                if (rank < 0)
                {
                    return json;
                }

                ranked.Add((rank, one));
            }

            return Write(ranked.OrderBy(one => one.Rank).Select(one => one.Object));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Half a surrogate in a name is no fault of JSON's for its parser, but cannot be read as text.
            return json;
        }
    }

    private static string Write(IEnumerable<JsonElement> objects)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("nftables");
            foreach (JsonElement one in objects)
            {
                one.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
