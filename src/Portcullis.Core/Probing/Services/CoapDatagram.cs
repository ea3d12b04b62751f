using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Constrained Application Protocol (RFC 7252, 4.3). Asked: an empty message that wants confirmation; it is answered by a reset,
/// which is CoAP's ping.
/// </summary>
public sealed class CoapDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "coap";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5683];

    /// <inheritdoc/>
    public byte[] Question => [0x40, 0, 0x50, 0x6f];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return answer.Length != 4 || answer[0] != 0x70 || answer[1] != 0 || answer[2] != 0x50 || answer[3] != 0x6f ? null : Sighting.Of(Name, "answers a ping");
    }
}
