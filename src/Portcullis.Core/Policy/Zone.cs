using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

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

    /// <summary>The addresses of the zone <see cref="Link"/>: RFC 3927, 2.1; RFC 4291, 2.5.6.</summary>
    public static ImmutableArray<AddressBlock> LinkBlocks { get; } = [Block("169.254.0.0", 16), Block("fe80::", 10)];

    /// <summary>The addresses of the zone <see cref="Private"/>: RFC 1918, 3; RFC 6598, 7; RFC 4193, 3.1.</summary>
    public static ImmutableArray<AddressBlock> PrivateBlocks { get; } = [Block("10.0.0.0", 8), Block("172.16.0.0", 12), Block("192.168.0.0", 16), Block("100.64.0.0", 10), Block("fc00::", 7)];

    /// <summary>The addresses of a zone; none for this host, for the internet, and for one that the policy does not know.</summary>
    public static ImmutableArray<AddressBlock> BlocksOf(string zone, HostPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return zone switch
        {
            Link => LinkBlocks,
            Private => PrivateBlocks,
            _ => policy.Zones.FirstOrDefault(one => one.Name == zone)?.Blocks ?? [],
        };
    }

    /// <summary>Whether the name is one that every policy has.</summary>
    public static bool IsBuiltIn(string name) => BuiltIn.Contains(name, StringComparer.Ordinal);

    private static AddressBlock Block(string prefix, int length) => new(IpAddress.Parse(prefix), length);
}
