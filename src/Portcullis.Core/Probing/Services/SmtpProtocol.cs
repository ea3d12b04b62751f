using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Simple Mail Transfer Protocol (RFC 5321): the server greets with 220. Asked: EHLO, which only names the client, and whose answer
/// lists what the server offers; then QUIT. No mail is begun.
/// </summary>
public sealed class SmtpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "smtp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [25, 465, 587, 2525];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 1)
        {
            return ReadOffer(heard);
        }

        if (heard.IsAsked || !(heard.MayBegin("220 "u8) || heard.MayBegin("220-"u8) || heard.MayBegin("554 "u8) || heard.MayBegin("421 "u8)))
        {
            return Reading.NotThis;
        }

        if (!Reply.IsWhole(heard.Bytes))
        {
            return heard.TooFew;
        }

        string text = Encoding.Latin1.GetString(heard.Bytes);
        bool isMail = text.Contains("SMTP", StringComparison.OrdinalIgnoreCase);
        if (text.Contains("FTP", StringComparison.OrdinalIgnoreCase) && !isMail)
        {
            return Reading.NotThis;
        }

        // 554 instead of a greeting: it serves nobody, or not us (RFC 5321, 3.1).
        IdentifiedService? known = isMail ? Describe(text).Seen("") with { Evidence = SeenText.Of(heard.Bytes) } : null;
        return text[0] != '2' ? known is null ? Reading.NotThis : Reading.Is(known) : Reading.Ask("EHLO portcullis.invalid\r\n"u8.ToArray(), known);
    }

    private Reading ReadOffer(in Heard heard)
    {
        if (!Reply.IsWhole(heard.Bytes))
        {
            return heard.TooFew;
        }

        string text = Encoding.Latin1.GetString(heard.Bytes);
        if (!text.StartsWith("250", StringComparison.Ordinal))
        {
            return heard.SoFar is null ? Reading.NotThis : Reading.Is(heard.SoFar, "QUIT\r\n"u8.ToArray());
        }

        IdentifiedService service = heard.SoFar ?? Sighting.Of(Name, heard.Bytes);
        bool hasLogin = text.Contains("AUTH", StringComparison.OrdinalIgnoreCase);
        bool hasTls = text.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase);
        service = service.Seen(hasTls ? "offers STARTTLS" : "no STARTTLS");
        return Reading.Is(hasLogin ? service with { AuthenticationNote = "offers a login; whom it takes mail from without one was not tried" } : service, "QUIT\r\n"u8.ToArray());
    }

    private IdentifiedService Describe(string greeting)
    {
        IdentifiedService service = Sighting.Of(Name, greeting);
        foreach (string product in (string[])["Postfix", "Exim", "Sendmail", "OpenSMTPD", "Haraka", "MailHog", "Mailpit"])
        {
            if (greeting.Contains(product, StringComparison.OrdinalIgnoreCase))
            {
                return service.By(product, Sighting.After(greeting, product));
            }
        }

        return greeting.Contains("Microsoft ESMTP", StringComparison.Ordinal) ? service.By("Microsoft Exchange") : service;
    }
}
