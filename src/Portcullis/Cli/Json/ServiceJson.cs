using System;
using System.Globalization;
using System.Text.Json;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes what answers on a port: the members "service" and "dialogue" of a scanned port.</summary>
internal static class ServiceJson
{
    /// <summary>Writes both; null where it was not asked, or is not known.</summary>
    internal static void Write(Utf8JsonWriter writer, DialogueResult? dialogue)
    {
        if (dialogue?.Service is IdentifiedService service)
        {
            writer.WriteStartObject("service");
            writer.WriteString("name", service.Name);
            writer.WriteString("product", service.Product);
            writer.WriteString("version", service.Version);
            writer.WriteString("evidence", service.Evidence);
            writer.WriteString("authentication", service.Authentication switch { AuthenticationDemand.Asked => "asked", AuthenticationDemand.NotAsked => "not-asked", _ => null });
            writer.WriteString("authenticationNote", service.AuthenticationNote);
            Write(writer, service.Tls);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("service");
        }

        if (dialogue is not null)
        {
            writer.WriteStartObject("dialogue");
            writer.WriteString("end", Word(dialogue.End));
            writer.WriteString("sentence", dialogue.Sentence);
            writer.WriteString("seen", dialogue.Seen);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, TlsFacts? tls)
    {
        if (tls is null)
        {
            writer.WriteNull("tls");
            return;
        }

        writer.WriteStartObject("tls");
        writer.WriteString("version", tls.Version);
        writer.WriteString("alpn", tls.Alpn);
        writer.WriteBoolean("startTls", tls.IsUpgrade);
        if (tls.Certificate is CertificateFacts certificate)
        {
            writer.WriteStartObject("certificate");
            writer.WriteString("subject", certificate.Subject);
            writer.WriteString("issuer", certificate.Issuer);
            writer.WriteStartArray("names");
            foreach (string name in certificate.Names)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteString("notBefore", Time(certificate.NotBefore));
            writer.WriteString("notAfter", Time(certificate.NotAfter));
            writer.WriteBoolean("selfSigned", certificate.IsSelfSigned);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("certificate");
        }

        writer.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Word(DialogueEnd end) => end switch
    {
        DialogueEnd.Identified => "identified",
        DialogueEnd.Unrecognised => "unrecognised",
        DialogueEnd.Silent => "silent",
        DialogueEnd.ClosedAtOnce => "closed-at-once",
        DialogueEnd.NotConnected => "not-connected",
        _ => "given-up",
    };
}
