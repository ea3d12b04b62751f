using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// MQTT 3.1.1 (OASIS, 3.1 and 3.2). Asked: CONNECT without a user, with a clean session and an empty client identifier, so that no
/// other client's session is taken over; then DISCONNECT. Nothing is subscribed to or published.
/// </summary>
public sealed class MqttProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "mqtt";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [1883, 8883];

    /// <inheritdoc/>
    public byte[] Question(string host) => [0x10, 12, 0, 4, .. "MQTT"u8, 4, 2, 0, 10, 0, 0];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || !heard.MayBegin([0x20, 2]) || (bytes.Length > 2 && bytes[2] > 1) || (bytes.Length > 3 && bytes[3] > 5))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 4)
        {
            return heard.TooFew;
        }

        IdentifiedService service = Sighting.Of(Name, $"CONNACK, return code {bytes[3]}");
        return bytes[3] switch
        {
            0 => Reading.Is(service.Open("lets clients in without a password"), [0xe0, 0]),
            4 or 5 => Reading.Is(service.Asks()),
            _ => Reading.Is(service),
        };
    }
}
