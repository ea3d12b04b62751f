using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What a certificate says of itself (X.509, RFC 5280). Nothing of it was verified; all text is made harmless to show.</summary>
public sealed record CertificateFacts
{
    /// <summary>Whom it is for, as a distinguished name (RFC 4514); may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The host names and addresses it is for (subjectAltName), in its order; at most 50.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>The first moment it is valid.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The last moment it is valid.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Whether subject and issuer are the same: nobody else vouches for it.</summary>
    public required bool IsSelfSigned { get; init; }
}
