using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Post Office Protocol 3 (RFC 1939): the server greets with +OK. Asked: CAPA (RFC 2449), which lists what it can, then QUIT before
/// any login, which ends the session without an update.
/// </summary>
public sealed class Pop3Protocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "pop3";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [110, 995];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 0)
        {
            return heard.IsAsked || !heard.MayBegin("+OK"u8) ? Reading.NotThis
                : !heard.TryFirstLine(out ReadOnlySpan<byte> line) ? heard.TooFew
                : line.Length > 3 && line[3] != ' ' ? Reading.NotThis
                : Reading.Ask("CAPA\r\n"u8.ToArray(), line.IndexOf("POP"u8) >= 0 || line.IndexOf((byte)'<') >= 0 || line.IndexOf("Dovecot"u8) >= 0 ? Describe(line) : null);
        }

        bool isList = heard.MayBegin("+OK"u8);
        bool isRefusal = heard.MayBegin("-ERR"u8);
        if ((isList && heard.Bytes.IndexOf("\n.\r\n"u8) < 0) || (isRefusal && heard.Bytes.IndexOf((byte)'\n') < 0))
        {
            return heard.TooFew;
        }

        IdentifiedService? service = heard.SoFar ?? (isList || isRefusal ? Describe(heard.Bytes) : null);
        return service is null ? Reading.NotThis : Reading.Is(heard.Bytes.IndexOf("STLS"u8) >= 0 ? service.Seen("offers STLS") : service, "QUIT\r\n"u8.ToArray());
    }

    private IdentifiedService Describe(ReadOnlySpan<byte> line) =>
        Sighting.Of(Name, line).By(line.IndexOf("Dovecot"u8) >= 0 ? "Dovecot" : null).Asks();
}
