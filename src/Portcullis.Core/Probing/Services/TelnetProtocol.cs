using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Telnet (RFC 854, 855): most servers begin with commands, the byte 255 (IAC), one of WILL, WONT, DO, DONT (251 to 254), and an
/// option. Nothing is said to them.
/// </summary>
public sealed class TelnetProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "telnet";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [23, 2323, 992];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (bytes.IsEmpty || bytes[0] != 255 || (bytes.Length > 1 && bytes[1] is < 251 or 255) || (bytes.Length > 2 && bytes[2] is > 50 and < 255))
        {
            return Reading.NotThis;
        }

        return bytes.Length < 3 ? heard.TooFew : Reading.Is(Sighting.Of(Name, bytes) with { AuthenticationNote = "whether it asks for a login was not seen" });
    }
}
