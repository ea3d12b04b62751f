using System;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>The question OPTIONS of SIP (RFC 3261, 11.1) and its answer: lines as in HTTP.</summary>
internal static class SipMessage
{
    /// <summary>The question.</summary>
    /// <param name="transport">"TCP" or "UDP".</param>
    internal static byte[] Options(string transport) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:portcullis@portcullis.invalid SIP/2.0\r\nVia: SIP/2.0/{transport} portcullis.invalid;branch=z9hG4bKportcullis;rport\r\n" +
        "Max-Forwards: 0\r\nTo: <sip:portcullis@portcullis.invalid>\r\nFrom: <sip:portcullis@portcullis.invalid>;tag=portcullis\r\n" +
        "Call-ID: portcullis\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");

    /// <summary>Reads an answer; null where it is none.</summary>
    internal static IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("SIP/2.0 "u8))
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(answer);
        string first = text.Split('\n', 2)[0].TrimEnd('\r');
        string? software = Field(text, "\nServer:") ?? Field(text, "\nUser-Agent:");
        IdentifiedService service = Sighting.Of("sip", software is null ? first : $"{first}; Server: {software}");
        (string? product, string? version) = Split(software);
        service = service.By(product, version);
        return first.Contains(" 401", StringComparison.Ordinal) || first.Contains(" 407", StringComparison.Ordinal) ? service.Asks() : service;
    }

    private static string? Field(string text, string name)
    {
        int at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : text[(at + name.Length)..].Split('\n', 2)[0].Trim();
    }

    /// <summary>"kamailio (5.6.3 (x86_64/linux))", "Asterisk PBX 18.1", "FPBX/1.2".</summary>
    private static (string? Product, string? Version) Split(string? software)
    {
        if (software is null)
        {
            return (null, null);
        }

        int at = software.IndexOfAny([' ', '/', '(']);
        string product = at < 0 ? software : software[..at];
        int digit = software.AsSpan(product.Length).IndexOfAnyInRange('0', '9');
        string? version = digit < 0 ? null : software[(product.Length + digit)..].Split(' ', ')', '(', '/')[0];
        return (product, version);
    }
}
