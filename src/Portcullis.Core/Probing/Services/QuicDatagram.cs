using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// QUIC (RFC 8999, 6; RFC 9000, 6). Asked: a first packet of a version that nobody speaks, filled to 1200 bytes; the server answers
/// with the versions that it does.
/// </summary>
public sealed class QuicDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "quic";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [443];

    /// <inheritdoc/>
    public byte[] Question => [0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 8, .. "Portculi"u8, 8, .. "sAskshim"u8, .. new byte[1177]];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // u8 with its highest bit set, u32 version 0, then the two identities, exchanged, and versions
        return answer.Length < 27 || answer[0] < 0x80 || !answer[1..5].SequenceEqual<byte>([0, 0, 0, 0]) || answer.IndexOf("sAskshim"u8) != 6 ? null
            : Sighting.Of(Name, answer.IndexOf((ReadOnlySpan<byte>)[0, 0, 0, 1]) >= 0 ? "version negotiation: version 1" : "version negotiation");
    }
}
