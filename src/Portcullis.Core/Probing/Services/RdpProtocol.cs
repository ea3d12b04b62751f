using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Remote Desktop Protocol ([MS-RDPBCGR] 2.2.1.1, over TPKT of RFC 1006 and X.224). Asked: a connection request that offers TLS and
/// CredSSP; the answer chooses one, or refuses. No session is begun.
/// </summary>
public sealed class RdpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "ms-wbt-server";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [3389];

    /// <inheritdoc/>
    public byte[] Question(string host) => [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // TPKT: u8 3, u8 0, u16 length; X.224: u8 length, u8 0xd0 confirm, u16, u16, u8; then u8 2 (3: failure), u8 flags, u16 8, u32 protocol
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || !heard.MayBegin([3, 0, 0]) || (bytes.Length > 5 && bytes[5] != 0xd0))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 11 || bytes.Length < bytes[3])
        {
            return heard.TooFew;
        }

        bool isBeforeDesktop = bytes.Length >= 19 && bytes[11] == 2 && bytes[15] is 2 or 8;
        return Reading.Is(Sighting.Of(Name, "X.224 connection confirm; security: " + Choice(bytes)).Asks(isBeforeDesktop ? "asks for a login before the desktop (CredSSP)" : "asks for a login on its desktop"));
    }

    private static string Choice(ReadOnlySpan<byte> bytes) => bytes.Length < 19 ? "its own"
        : bytes[11] == 3 ? $"refused, code {bytes[15]}"
        : bytes[15] switch { 0 => "its own", 1 => "TLS", 2 or 8 => "CredSSP", _ => $"protocol {bytes[15]}" };
}
