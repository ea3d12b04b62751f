using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Snapshots;

/// <summary>An address as its usual text.</summary>
internal sealed class IpAddressConverter : JsonConverter<IpAddress>
{
    /// <inheritdoc/>
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && IpAddress.TryParse(reader.GetString(), out IpAddress address)
            ? address
            : throw new JsonException("this is no IP address");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
