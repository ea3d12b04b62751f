using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Policy;

/// <summary>A named set of sources of packets. Zones may overlap.</summary>
/// <param name="Name">Its name in the policy.</param>
/// <param name="Blocks">Its addresses.</param>
public sealed record Zone(string Name, ImmutableArray<AddressBlock> Blocks)
{
    /// <summary>This host itself.</summary>
    public const string Host = "host";

    /// <summary>The attached links: 169.254.0.0/16 and fe80::/10.</summary>
    public const string Link = "link";

    /// <summary>Private networks: RFC 1918, RFC 4193, RFC 6598.</summary>
    public const string Private = "private";

    /// <summary>Every address that is in none of the others.</summary>
    public const string Internet = "internet";

    /// <summary>The names that every policy has.</summary>
    public static ImmutableArray<string> BuiltIn { get; } = [Host, Link, Private, Internet];

    /// <summary>Whether the name is one that every policy has.</summary>
    public static bool IsBuiltIn(string name) => BuiltIn.Contains(name, StringComparer.Ordinal);
}
