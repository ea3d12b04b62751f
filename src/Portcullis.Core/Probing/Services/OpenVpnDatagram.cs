using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// OpenVPN (https://openvpn.net/community-docs/openvpn-protocol.html): u8 opcode and key, u64 session. Asked: a hard reset of a
/// client, version 2, which begins a handshake that is not gone on with. Servers with tls-auth or tls-crypt stay silent.
/// </summary>
public sealed class OpenVpnDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "openvpn";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [1194];

    /// <inheritdoc/>
    public byte[] Question => [0x38, .. "Portculi"u8, 0, 0, 0, 0, 0];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // Opcode 8, a hard reset of the server, which acknowledges ours: u8 count, u32 numbers, the session that they are of.
        return answer.Length < 26 || answer[0] != 0x40 || answer.IndexOf("Portculi"u8) < 9 ? null
            : Sighting.Of(Name, "answers a hard reset").By("OpenVPN").Asks("asks for a certificate or a login; it has no tls-auth or tls-crypt before that");
    }
}
