namespace Portcullis.Core.Model;

/// <summary>What a handshake of Transport Layer Security showed.</summary>
public sealed record TlsFacts
{
    /// <summary>The version that was agreed on, such as "TLS 1.3"; the newest that both sides know.</summary>
    public required string Version { get; init; }

    /// <summary>The application protocol that the server chose (ALPN, RFC 7301) when h2 and http/1.1 were offered; null for none.</summary>
    public string? Alpn { get; init; }

    /// <summary>The server's certificate; null where none was seen.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>Whether TLS began only when it was asked for inside the plain protocol (STARTTLS).</summary>
    public bool IsUpgrade { get; init; }
}
