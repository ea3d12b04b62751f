using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Core.Text.Snapshots;

/// <summary>An enum as its lower-case word; numbers and unknown words are refused.</summary>
internal sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(Word(value), word, StringComparison.Ordinal))
            {
                return value;
            }
        }

        throw new JsonException($"this is none of: {string.Join(", ", Array.ConvertAll(Enum.GetValues<T>(), Word))}");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Word(value));

    private static string Word(T value) => value.ToString().ToLowerInvariant();
}
