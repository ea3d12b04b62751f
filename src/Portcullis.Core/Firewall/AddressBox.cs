using System;
using System.Globalization;
using System.Numerics;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Addresses whose halves lie in two ranges. Of IPv4 the first half is 0.</summary>
/// <param name="Version">The version.</param>
/// <param name="FirstHigh">The least first half.</param>
/// <param name="LastHigh">The greatest first half.</param>
/// <param name="FirstLow">The least last half.</param>
/// <param name="LastLow">The greatest last half.</param>
public sealed record AddressBox(IpVersion Version, ulong FirstHigh, ulong LastHigh, ulong FirstLow, ulong LastLow)
{
    /// <summary>The addresses of a block.</summary>
    /// <param name="prefix">Its first address.</param>
    /// <param name="length">The leading bits that all of them share, 0 to 32 or 128.</param>
    public static AddressBox Of(IpAddress prefix, int length)
    {
        if (prefix.Version == IpVersion.V4)
        {
            return new AddressBox(prefix.Version, 0, 0, prefix.Low, prefix.Low | Free(64 - (32 - length)));
        }

        return length <= 64
            ? new AddressBox(prefix.Version, prefix.High, prefix.High | Free(length), 0, ulong.MaxValue)
            : new AddressBox(prefix.Version, prefix.High, prefix.High, prefix.Low, prefix.Low | Free(length - 64));
    }

    /// <summary>Whether it is every address of the version.</summary>
    public bool IsAll => FirstLow == 0 && LastLow >= Most && (Version == IpVersion.V4 || (FirstHigh == 0 && LastHigh == ulong.MaxValue));

    /// <summary>Its first address.</summary>
    public IpAddress First => Version == IpVersion.V4 ? IpAddress.FromV4((uint)FirstLow) : IpAddress.FromV6(FirstHigh, FirstLow);

    /// <summary>Its last address.</summary>
    public IpAddress Last => Version == IpVersion.V4 ? IpAddress.FromV4((uint)LastLow) : IpAddress.FromV6(LastHigh, LastLow);

    /// <summary>The addresses that are in another box of the same version too; null for none.</summary>
    public AddressBox? And(AddressBox other)
    {
        AddressBox both = new(
            Version, Math.Max(FirstHigh, other.FirstHigh), Math.Min(LastHigh, other.LastHigh), Math.Max(FirstLow, other.FirstLow), Math.Min(LastLow, other.LastLow));
        return Version == other.Version && both.FirstHigh <= both.LastHigh && both.FirstLow <= both.LastLow ? both : null;
    }

    /// <summary>The bits behind so many leading ones of 64.</summary>
    private static ulong Free(int leading) => leading == 64 ? 0 : ulong.MaxValue >> leading;

    private ulong Most => Version == IpVersion.V4 ? uint.MaxValue : ulong.MaxValue;

    /// <summary>"10.0.0.1", "10.0.0.0/8", "10.0.0.1-10.0.0.9"; a range in each half as "fd00::-fd00:5::, last halves ::1-::9".</summary>
    public override string ToString()
    {
        bool isSpread = Version == IpVersion.V6 && FirstHigh != LastHigh && !(FirstLow == 0 && LastLow == ulong.MaxValue);
        if (isSpread)
        {
            return $"{IpAddress.FromV6(FirstHigh, 0)}-{IpAddress.FromV6(LastHigh, 0)}, last halves {IpAddress.FromV6(0, FirstLow)}-{IpAddress.FromV6(0, LastLow)}";
        }

        bool isOneHalf = Version == IpVersion.V4 || FirstHigh == LastHigh;
        ulong last = Version == IpVersion.V4 && LastLow > uint.MaxValue ? uint.MaxValue : LastLow;
        int? length = isOneHalf ? PrefixOf(FirstLow, last) : PrefixOf(FirstHigh, LastHigh) - 64;
        return First == Last ? First.ToString()
            : length is int bits
                ? string.Create(CultureInfo.InvariantCulture, $"{First}/{(Version == IpVersion.V4 ? 32 : 128) - (isOneHalf ? bits : bits + 128)}")
                : $"{First}-{Last}";
    }

    /// <summary>The number of free bits at the end of a range that is a block; null for one that is none.</summary>
    private static int? PrefixOf(ulong first, ulong last)
    {
        ulong span = last - first;
        return (span & (span + 1)) == 0 && (first & span) == 0 ? BitOperations.PopCount(span) : null;
    }
}
