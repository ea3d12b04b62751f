using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// File Transfer Protocol (RFC 959): the server greets with 220. Asked: FEAT (RFC 2389), which lists what the server can, then
/// QUIT. Nobody logs in, so that whether it lets in anonymous is not found out.
/// </summary>
public sealed class FtpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "ftp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [21, 990, 2121];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 0)
        {
            return heard.IsAsked || !(heard.MayBegin("220 "u8) || heard.MayBegin("220-"u8)) ? Reading.NotThis
                : !Reply.IsWhole(heard.Bytes) ? heard.TooFew
                : Reading.Ask("FEAT\r\n"u8.ToArray(), heard.Bytes.IndexOf("FTP"u8) >= 0 || heard.Bytes.IndexOf("Ftp"u8) >= 0 ? Describe(heard.Bytes) : null);
        }

        if (!Reply.IsWhole(heard.Bytes))
        {
            return heard.TooFew;
        }

        // A server of mail says 500 or 502 too; only FTP has features, or wants a login before it tells.
        bool isFtp = heard.Bytes.StartsWith("211"u8) || heard.Bytes.StartsWith("530"u8);
        IdentifiedService? service = heard.SoFar ?? (isFtp ? Describe(heard.Bytes) : null);
        return service is null ? Reading.NotThis : Reading.Is(heard.Bytes.IndexOf("AUTH TLS"u8) >= 0 ? service.Seen("offers AUTH TLS") : service, "QUIT\r\n"u8.ToArray());
    }

    private IdentifiedService Describe(ReadOnlySpan<byte> greeting)
    {
        string text = Encoding.Latin1.GetString(greeting);
        IdentifiedService service = Sighting.Of(Name, greeting).Asks("asks for a login; whether it takes \"anonymous\" was not tried");
        foreach (string product in (string[])["vsFTPd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "Microsoft FTP", "bftpd"])
        {
            if (text.Contains(product, StringComparison.OrdinalIgnoreCase))
            {
                return service.By(product, Sighting.After(text, product));
            }
        }

        return service;
    }
}
