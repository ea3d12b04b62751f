using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Addresses as ranges of bytes in network order.</summary>
internal static class AddressRanges
{
    /// <summary>The host's own addresses of the arrival's version, and the loopback network.</summary>
    internal static IEnumerable<ByteRange> OfLocal(Arrival arrival)
    {
        if (arrival.Version == IpVersion.V4)
        {
            yield return Of(new IpBlock(IpAddress.FromV4(0x7f000000), 8));
        }

        foreach (NetworkInterface one in arrival.Interfaces)
        {
            foreach (IpAddress address in one.Addresses)
            {
                if (address.Version == arrival.Version && !address.IsIn(IpAddress.FromV4(0x7f000000), 8))
                {
                    yield return Of(new IpBlock(address, address.Version == IpVersion.V4 ? 32 : 128));
                }
            }
        }
    }

    /// <summary>The first and the last address of a block.</summary>
    internal static ByteRange Of(IpBlock block)
    {
        byte[] first = BytesOf(block.Prefix);
        byte[] last = [.. first];
        for (int bit = block.Length; bit < first.Length * 8; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new ByteRange(ImmutableArray.Create(first), ImmutableArray.Create(last));
    }

    /// <summary>An address in network order.</summary>
    internal static byte[] BytesOf(IpAddress address)
    {
        byte[] bytes = new byte[address.Version == IpVersion.V4 ? 4 : 16];
        if (address.Version == IpVersion.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Low);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), address.Low);
        }

        return bytes;
    }
}
