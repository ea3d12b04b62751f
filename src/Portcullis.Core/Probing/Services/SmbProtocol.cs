using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Server Message Block 2 and 3 ([MS-SMB2] 2.2.3, 2.2.4, over the NetBIOS session header of RFC 1002, 4.3.1). Asked: NEGOTIATE with
/// the dialects 2.0.2 to 3.0.2; no session is set up.
/// </summary>
public sealed class SmbProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "microsoft-ds";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [445, 139];

    /// <inheritdoc/>
    public byte[] Question(string host) => Negotiate();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || bytes.IsEmpty)
        {
            return Reading.NotThis;
        }

        // A NetBIOS session service says so where it wants to be called first: 0x83.
        if (heard.MayBegin([0x83, 0, 0, 1]))
        {
            return bytes.Length < 5 ? heard.TooFew : Reading.Is(Sighting.Of("netbios-ssn", $"session refused, code 0x{bytes[4]:x2}"));
        }

        if (bytes[0] != 0 || (bytes.Length > 7 && !bytes[4..8].SequenceEqual<byte>([0xfe, (byte)'S', (byte)'M', (byte)'B'])))
        {
            return Reading.NotThis;
        }

        // u8 0, u24 length; header of 64; body: u16 size 65, u16 security mode, u16 dialect
        if (bytes.Length < 4 + 64 + 6)
        {
            return heard.TooFew;
        }

        int dialect = bytes[72] | (bytes[73] << 8);
        bool mustSign = (bytes[70] & 2) != 0;
        return bytes[68] != 65 || bytes[16] != 0 ? Reading.NotThis
            : Reading.Is(Sighting.Of(Name, $"SMB {dialect >> 8}.{(dialect >> 4) & 15}.{dialect & 15}; {(mustSign ? "signing required" : "signing not required")}")
                with
            { AuthenticationNote = "whether guests are let in was not tried" });
    }

    private static byte[] Negotiate()
    {
        byte[] header = [0xfe, .. "SMB"u8, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, .. new byte[48]];
        byte[] body = [36, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, .. new byte[24], 0x02, 0x02, 0x10, 0x02, 0x00, 0x03, 0x02, 0x03];
        return new BigEndian().Counted([.. header, .. body]).Bytes;
    }
}
