using System;
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Text.Snapshots;

/// <summary>Writes and reads a <see cref="Snapshot"/> as JSON, in the shape "portcullis/snapshot/1".</summary>
public static class SnapshotJson
{
    private static readonly SnapshotContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
        AllowDuplicateProperties = false, // or two readers of one file could see different facts
        Converters =
        {
            new IpAddressConverter(),
            new WordConverter<Protocol>(),
            new WordConverter<ExecutableOrigin>(),
            new WordConverter<ProgramHook>(),
            new WordConverter<HookPoint>(),
            new WordConverter<IpVersion>(),
            new WordConverter<PortState>(),
        },
    });

    /// <summary>The snapshot as UTF-8 text with a final newline.</summary>
    public static byte[] Write(Snapshot snapshot)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 16);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, snapshot, Context.Snapshot);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a snapshot that may come from anywhere.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="snapshot">The snapshot; null where the bytes are not one.</param>
    /// <param name="error">What is wrong, where; null where nothing is.</param>
    /// <returns>Whether the bytes are a snapshot.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out Snapshot? snapshot, out string? error)
    {
        snapshot = null;
        try
        {
            snapshot = JsonSerializer.Deserialize(utf8, Context.Snapshot);
            error = snapshot is null ? "it holds only null" : Flaw(snapshot);
        }
        catch (JsonException malformed)
        {
            error = Explain(malformed);
        }

        snapshot = error is null ? snapshot : null;
        return error is null;
    }

    private static string Explain(JsonException malformed)
    {
        // The library's own text ends with the place in words of its own.
        string what = Plain(malformed);
        string place = malformed.LineNumber is long line
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, column {(malformed.BytePositionInLine ?? 0) + 1}")
            : "the beginning";
        return string.IsNullOrEmpty(malformed.Path) || malformed.Path == "$"
            ? $"{place}: {what}"
            : $"{place}, at {malformed.Path}: {what}";
    }

    /// <summary>The library's reason without the names of our types, which mean nothing to whoever made the file.</summary>
    private static string Plain(JsonException malformed)
    {
        const string Converted = "could not be converted to";
        const string Missing = "was missing required properties including: ";
        string words = malformed.Message.Split(" Path: ", 2)[0].TrimEnd('.');
        int missing = words.IndexOf(Missing, StringComparison.Ordinal);
        return missing >= 0 ? $"required, but missing: {words[(missing + Missing.Length)..]}"
            : malformed.InnerException is InvalidOperationException ? "this is no valid text (UTF-8), or another kind of value is expected"
            : words.Contains(Converted, StringComparison.Ordinal) ? "another kind of value is expected"
            : words.Contains("does not contain any JSON tokens", StringComparison.Ordinal) ? "it is empty"
            : words.Contains("null values", StringComparison.Ordinal) ? "this must not be null"
            : words.Split(" encountered during", 2)[0];
    }

    /// <summary>What JSON of the right types can still get wrong.</summary>
    private static string? Flaw(Snapshot snapshot)
    {
        if (snapshot.Schema != Snapshot.SchemaName)
        {
            return $"at $.schema: \"{snapshot.Schema}\" is not \"{Snapshot.SchemaName}\", the only one this version reads";
        }

        if (SnapshotLists.Flaw(snapshot) is string hole)
        {
            return hole;
        }

        for (int at = 0; at < snapshot.Sockets.Length; at++)
        {
            SocketFacts socket = snapshot.Sockets[at];
            if (socket.Port is < 0 or > 65535)
            {
                return string.Create(CultureInfo.InvariantCulture, $"at $.sockets[{at}].port: {socket.Port} is no port (0 to 65535)");
            }

            if ((socket.Address is null) != (socket.Protocol == Protocol.Packet))
            {
                return string.Create(CultureInfo.InvariantCulture, $"at $.sockets[{at}].address: every socket but a packet socket has one");
            }
        }

        return Duplicate("processes", snapshot.Processes.Select(process => process.Pid).ToImmutableArray())
            ?? Duplicate("namespaces", snapshot.Namespaces.Select(one => one.Inode).ToImmutableArray());
    }

    private static string? Duplicate<T>(string list, ImmutableArray<T> ids)
        where T : notnull
    {
        T? twice = ids.GroupBy(id => id).Where(same => same.Skip(1).Any()).Select(same => same.Key).FirstOrDefault();
        return ids.Distinct().Count() == ids.Length ? null : string.Create(CultureInfo.InvariantCulture, $"at $.{list}: {twice} stands twice");
    }
}
