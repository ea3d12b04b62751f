using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>
/// A whole handshake of TLS with a stranger: every certificate is taken, since it is to be looked at and not to be trusted, and nothing
/// is fetched for it from anywhere.
/// </summary>
/// <remarks>
/// Older than TLS 1.2 goes only as far as the machine's OpenSSL allows it (Debian 12: not at its default security level); such servers
/// are told by their ServerHello alone.
/// </remarks>
internal static class TlsHandshake
{
    private const int MostNames = 50;

    /// <summary>Does it.</summary>
    /// <param name="stream">Over a connected socket.</param>
    /// <param name="host">The name to ask for (server_name); null for none.</param>
    /// <param name="offer">The application protocols to offer; may be none.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public static async Task<TlsFacts> Do(SslStream stream, string? host, ImmutableArray<string> offer, CancellationToken cancellation)
    {
        CertificateFacts? certificate = null;
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host is not null && !IPAddress.TryParse(host, out _) ? host : "",
                ApplicationProtocols = offer.IsEmpty ? null : [.. offer.Select(static name => new SslApplicationProtocol(name))],
#pragma warning disable CA5398, CA5397, SYSLIB0039 // Whoever asks what a server speaks must speak it.
                EnabledSslProtocols = SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398, CA5397, SYSLIB0039
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                },
                AllowRenegotiation = false,
#pragma warning disable CA5359 // It is looked at, and nothing secret is said.
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                {
                    certificate = shown is X509Certificate2 one ? Read(one) : null;
                    return true;
                },
#pragma warning restore CA5359
            },
            cancellation);
        ReadOnlyMemory<byte> chosen = stream.NegotiatedApplicationProtocol.Protocol;
        return new TlsFacts
        {
            Version = VersionName(stream.SslProtocol),
            Alpn = SeenText.Word(chosen.Span),
            Certificate = certificate,
        };
    }

    private static string VersionName(SslProtocols protocol) => protocol switch
    {
#pragma warning disable CA5397, SYSLIB0039
        SslProtocols.Tls => "TLS 1.0",
        SslProtocols.Tls11 => "TLS 1.1",
#pragma warning restore CA5397, SYSLIB0039
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };

    private static CertificateFacts? Read(X509Certificate2 certificate)
    {
        try
        {
            return new CertificateFacts
            {
                Subject = SeenText.Of(certificate.Subject),
                Issuer = SeenText.Of(certificate.Issuer),
                Names = [.. Names(certificate).Take(MostNames).Select(static name => SeenText.Of(name, SeenText.MostWord))],
                NotBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
                IsSelfSigned = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
            };
        }
        catch (CryptographicException)
        {
            return null; // a certificate that cannot be read tells nothing
        }
    }

    private static List<string> Names(X509Certificate2 certificate)
    {
        List<string> names = [];
        try
        {
            foreach (X509Extension extension in certificate.Extensions)
            {
                if (extension is X509SubjectAlternativeNameExtension alternative)
                {
                    names.AddRange(alternative.EnumerateDnsNames());
                    names.AddRange(alternative.EnumerateIPAddresses().Select(static address => address.ToString()));
                }
            }
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException)
        {
            names.Add("(not readable)");
        }

        return names;
    }
}
