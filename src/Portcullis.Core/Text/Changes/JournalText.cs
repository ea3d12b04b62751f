using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Changes;

/// <summary>The files in which a change is written down: one line of JSON for the change itself, and one for each event.</summary>
public static class JournalText
{
    private const string SchemaName = "portcullis/change/1";

    /// <summary>A change without its events, as one line.</summary>
    public static byte[] Line(ChangeRecord change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Written(writer =>
        {
            writer.WriteString("schema", SchemaName);
            writer.WriteString("id", change.Id);
            writer.WriteString("plan", change.Plan);
            writer.WriteString("policy", change.Policy);
            writer.WriteString("by", change.By);
            writer.WriteString("at", change.At.UtcDateTime);
            writer.WriteNumber("patience", change.Patience.TotalSeconds);
            writer.WriteString("boot", change.Boot);
            writer.WriteString("network", change.Network);
            writer.WriteStartArray("effects");
            foreach (string effect in change.Effects)
            {
                writer.WriteStringValue(effect);
            }

            writer.WriteEndArray();
            if (change.Session is RemoteSession session)
            {
                writer.WriteString("peer", session.Peer.ToString());
                writer.WriteNumber("peerPort", session.PeerPort);
                writer.WriteNumber("port", session.Port);
                if (session.Since is TimeSpan since)
                {
                    writer.WriteNumber("since", since.TotalSeconds);
                }
            }
        });
    }

    /// <summary>An event, as one line.</summary>
    public static byte[] Line(ChangeEvent what)
    {
        ArgumentNullException.ThrowIfNull(what);
        return Written(writer =>
        {
            writer.WriteString("at", what.At.UtcDateTime);
            writer.WriteString("event", Word(what.Kind));
            if (what.Note is string note)
            {
                writer.WriteString("note", note);
            }
        });
    }

    /// <summary>Reads both. A last line that is not whole was cut off by a crash, and is left out.</summary>
    /// <param name="change">The first file.</param>
    /// <param name="events">The second.</param>
    /// <param name="error">What is wrong, and where; null where nothing is.</param>
    /// <returns>The change; null where the first file is none.</returns>
    public static ChangeRecord? Read(ReadOnlyMemory<byte> change, ReadOnlySpan<byte> events, out string? error)
    {
        error = null;
        ChangeRecord? read = Parsed(change, Record, out string? why);
        if (read is null)
        {
            error = $"the change: {why}";
            return null;
        }

        List<ChangeEvent> told = [];
        string[] lines = Encoding.UTF8.GetString(events).Split('\n');
        for (int at = 0; at < lines.Length - 1; at++) // what stands behind the last end of a line is not whole
        {
            if (Parsed(Encoding.UTF8.GetBytes(lines[at]), Event, out why) is ChangeEvent one)
            {
                told.Add(one);
            }
            else
            {
                error ??= string.Create(CultureInfo.InvariantCulture, $"line {at + 1} of its journal: {why}");
            }
        }

        return read with { Events = [.. told] };
    }

    private static byte[] Written(Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static T? Parsed<T>(ReadOnlyMemory<byte> text, Func<JsonElement, T?> read, out string? error)
        where T : class
    {
        error = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            T? value = document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
            error = value is null ? "something is missing in it, or not of its form" : null;
            return value;
        }
        catch (JsonException)
        {
            error = "it is no JSON";
        }
        catch (Exception refused) when (refused is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            error = "something is missing in it, or not of its form";
        }

        return null;
    }

    private static ChangeRecord? Record(JsonElement root) => root.GetProperty("schema").GetString() != SchemaName ? null : new ChangeRecord
    {
        Id = root.GetProperty("id").GetString()!,
        Plan = root.GetProperty("plan").GetString()!,
        Policy = root.GetProperty("policy").GetString()!,
        By = root.GetProperty("by").GetString()!,
        At = root.GetProperty("at").GetDateTimeOffset(),
        Patience = TimeSpan.FromSeconds(Math.Clamp(root.GetProperty("patience").GetDouble(), 0, 1e6)),
        Boot = root.GetProperty("boot").GetString()!,
        Network = root.GetProperty("network").GetString()!,
        Effects = [.. root.GetProperty("effects").EnumerateArray().Select(static one => one.GetString() ?? "")],
        Session = root.TryGetProperty("peer", out JsonElement peer) && IpAddress.TryParse(peer.GetString(), out IpAddress address)
            ? new RemoteSession(address, root.GetProperty("peerPort").GetInt32(), root.GetProperty("port").GetInt32()) { Since = root.TryGetProperty("since", out JsonElement since) ? TimeSpan.FromSeconds(Math.Clamp(since.GetDouble(), 0, 1e10)) : null }
            : null,
    };

    private static ChangeEvent? Event(JsonElement root)
    {
        string? word = root.GetProperty("event").GetString();
        foreach (ChangeEventKind kind in Enum.GetValues<ChangeEventKind>())
        {
            if (Word(kind) == word)
            {
                return new ChangeEvent(root.GetProperty("at").GetDateTimeOffset(), kind, root.TryGetProperty("note", out JsonElement note) ? note.GetString() : null);
            }
        }

        return null;
    }

    private static string Word(ChangeEventKind kind) => kind.ToString().ToLowerInvariant();
}
