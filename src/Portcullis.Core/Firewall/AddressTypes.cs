using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>The type that the routing tables give a destination (RTN_ constants of linux/rtnetlink.h).</summary>
internal static class AddressTypes
{
    internal const uint Unicast = 1;
    internal const uint Local = 2;
    internal const uint Broadcast = 3;
    internal const uint Multicast = 5;

    /// <summary>The type of an address in network order.</summary>
    internal static uint Of(ReadOnlySpan<byte> address, Arrival arrival)
    {
        IpAddress one = IpAddress.FromNetworkOrder(address);
        return IsLocal(one, arrival) ? Local
            : one == IpAddress.FromV4(uint.MaxValue) ? Broadcast
            : one.IsIn(IpAddress.FromV4(0xe0000000), 4) || one.IsIn(IpAddress.FromV6(0xff00000000000000, 0), 8) ? Multicast
            : Unicast;
    }

    /// <summary>The addresses of every type but unicast; of those that are in several the last type holds.</summary>
    internal static IEnumerable<(uint Type, ImmutableArray<ByteRange> Addresses)> Others(Arrival arrival)
    {
        bool isV4 = arrival.Version == IpVersion.V4;
        yield return (Broadcast, isV4 ? [AddressRanges.Of(new IpBlock(IpAddress.FromV4(uint.MaxValue), 32))] : []);
        yield return (Multicast, [AddressRanges.Of(isV4 ? new IpBlock(IpAddress.FromV4(0xe0000000), 4) : new IpBlock(IpAddress.FromV6(0xff00000000000000, 0), 8))]);
        yield return (Local, [.. AddressRanges.OfLocal(arrival)]);
    }

    /// <summary>Whether a type, as four bytes in network order, lies in one of the ranges.</summary>
    internal static bool Has(ImmutableArray<ByteRange> ranges, uint type) => ranges.Any(range =>
        range.First.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(range.First.AsSpan()) <= type && BinaryPrimitives.ReadUInt32BigEndian(range.Last.AsSpan()) >= type);

    /// <summary>Whether it is one of the host's own.</summary>
    internal static bool IsLocal(IpAddress address, Arrival arrival) =>
        address.IsIn(IpAddress.FromV4(0x7f000000), 8) || arrival.Interfaces.Any(one => one.Addresses.Contains(address));
}
