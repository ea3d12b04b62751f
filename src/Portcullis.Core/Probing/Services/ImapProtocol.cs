using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Internet Message Access Protocol (RFC 9051, 7.1): the server greets with an untagged OK, PREAUTH or BYE. Nothing is asked but
/// LOGOUT.
/// </summary>
public sealed class ImapProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "imap";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [143, 993];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        bool isOpen = heard.MayBegin("* PREAUTH "u8);
        if (heard.IsAsked || !(isOpen || heard.MayBegin("* OK "u8) || heard.MayBegin("* BYE "u8)))
        {
            return Reading.NotThis;
        }

        if (heard.Bytes.Length < 6 || !heard.TryFirstLine(out ReadOnlySpan<byte> line))
        {
            return heard.TooFew;
        }

        IdentifiedService service = Sighting.Of(Name, line).By(
            line.IndexOf("Dovecot"u8) >= 0 ? "Dovecot" : line.IndexOf("Cyrus"u8) >= 0 ? "Cyrus IMAP" : line.IndexOf("Courier-IMAP"u8) >= 0 ? "Courier" : null);
        return Reading.Is(isOpen ? service.Open("serves without a login (PREAUTH)") : service.Asks("asks for a login"), "a LOGOUT\r\n"u8.ToArray());
    }
}
