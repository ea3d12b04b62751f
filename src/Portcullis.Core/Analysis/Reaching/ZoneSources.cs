using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>The source addresses of a zone.</summary>
/// <param name="Name">The zone.</param>
/// <param name="Blocks">Its addresses; null for all but <paramref name="Except"/>.</param>
/// <param name="Except">Addresses that do not belong to it.</param>
internal sealed record ZoneSources(string Name, ImmutableArray<IpBlock>? Blocks, ImmutableArray<IpBlock> Except)
{
    private static readonly ImmutableArray<IpBlock> Link = BlocksOf(Zone.LinkBlocks);
    private static readonly ImmutableArray<IpBlock> Private = BlocksOf(Zone.PrivateBlocks);

    // What no packet from elsewhere has as its source: RFC 1122, 3.2.1.3; RFC 5771; RFC 4291, 2.5.2, 2.5.3, 2.7
    private static readonly ImmutableArray<IpBlock> Nobody = [Block("0.0.0.0", 8), Block("127.0.0.0", 8), Block("224.0.0.0", 3), Block("::", 127), Block("ff00::", 8), Block("::ffff:0.0.0.0", 96)];

    /// <summary>Zones are made once, and looked up often: they are equal where they are the same.</summary>
    public bool Equals(ZoneSources? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(System.StringComparison.Ordinal);

    /// <summary>Whether it is this host itself.</summary>
    internal bool IsHost => Name == Zone.Host;

    /// <summary>The zones that are told of: the built-in ones from near to far, then the policy's.</summary>
    internal static ImmutableArray<ZoneSources> Of(HostPolicy? policy, NetworkNamespace network)
    {
        ImmutableArray<Zone> own = policy?.Zones ?? [];
        ImmutableArray<IpBlock> host = [.. network.Interfaces.SelectMany(one => one.Addresses).Select(address => new IpBlock(address, address.Version == IpVersion.V4 ? 32 : 128))];
        return
        [
            new ZoneSources(Zone.Host, null, []),
            new ZoneSources(Zone.Link, Link, host),
            new ZoneSources(Zone.Private, Private, host),
            new ZoneSources(Zone.Internet, null, [.. Nobody, .. Link, .. Private, .. host, .. own.SelectMany(zone => BlocksOf(zone.Blocks))]),
            .. own.Where(zone => !Zone.IsBuiltIn(zone.Name)).Select(zone => new ZoneSources(zone.Name, BlocksOf(zone.Blocks), [])),
        ];
    }

    /// <summary>The zone with all sources from which packets can come at all.</summary>
    internal ZoneSources WithoutExceptions() => this with { Except = Nobody };

    private static ImmutableArray<IpBlock> BlocksOf(ImmutableArray<AddressBlock> blocks) => [.. blocks.Select(block => new IpBlock(block.Prefix, block.Length))];

    private static IpBlock Block(string prefix, int length) => new(IpAddress.Parse(prefix), length);
}
