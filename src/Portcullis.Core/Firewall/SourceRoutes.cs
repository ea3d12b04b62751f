using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// Rules that ask by which interface the routes lead back to a source (fib saddr … oif), as those against forged sources do. Which routing table is asked may depend
/// on anything (ip-rule(8)), but where no table leads to a source the kernel finds none (nft_fib4_eval, nft_fib6_eval).
/// </summary>
internal static class SourceRoutes
{
    /// <summary>How many routes are gone by. A router of the internet's has a million: there any source may come by any interface.</summary>
    internal const int Most = 5_000;

    private const int Word = 4; // what the kernel writes at once

    private static readonly ImmutableArray<ByteRange> s_zeroNetwork = [AddressRanges.Of(new IpBlock(IpAddress.AnyV4, 8))];

    /// <summary>Whether a field asks for that interface, or whether there is one.</summary>
    internal static bool IsAskedBy(PacketField field) =>
        field.Source == FieldSource.Route && field.Name.StartsWith("saddr", StringComparison.Ordinal) && !field.Name.EndsWith(" type", StringComparison.Ordinal);

    /// <summary>The sources for which there may be one; null where that may be any.</summary>
    internal static ImmutableArray<ByteRange>? Found(PacketField field, Arrival arrival)
    {
        // What comes by a loopback device has it, and so have some messages of neighbour discovery (nft_fib_is_loopback, nft_fib_v6_skip_icmpv6).
        if (arrival.Routes is not { Length: <= Most } routes || arrival.IsEveryPacket || arrival.Interface.IsLoopback || arrival is { Version: IpVersion.V6, IsIcmp: true })
        {
            return null;
        }

        IEnumerable<NetworkRoute> leading = routes.Where(route => route.Prefix.Version == arrival.Version);
        if (AsksForArrival(field) && !arrival.Interfaces.Any(static one => one.Kind == "vrf")) // of a VRF every device will do (l3mdev_master_ifindex)
        {
            leading = leading.Where(route => route.Interface == arrival.Interface.Index);
        }

        NetworkRoute[] all = [.. leading];
        return all.Any(static route => route.Length == 0) ? null :
        [
            .. all.Select(static route => new IpBlock(route.Prefix, route.Length)).Distinct().Select(AddressRanges.Of),
            .. arrival.Version == IpVersion.V4 ? s_zeroNetwork : [], // ipv4_is_zeronet
            .. arrival.IsToGroup ? AddressRanges.OfLocal(arrival) : [], // what the host itself sends to a group comes back to it as by a loopback device
        ];
    }

    /// <summary>What stands in the field where there is none: zero. Of a name only the first four bytes are written then, so that longer zeros are not known.</summary>
    /// <param name="field">The field.</param>
    /// <param name="ranges">What it is compared with.</param>
    internal static bool IsTold(PacketField field, ImmutableArray<ByteRange> ranges) =>
        field.Length <= Word || ranges.All(static range => range.First.Length >= Word && range.First.AsSpan(0, Word).IndexOfAnyExcept((byte)0) >= 0);

    private static bool AsksForArrival(PacketField field) => field.Name.StartsWith("saddr . iif ", StringComparison.Ordinal) || field.Name.StartsWith("saddr . mark . iif ", StringComparison.Ordinal);
}
