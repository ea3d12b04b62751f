using System;
using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Policy;

/// <summary>A block of addresses in CIDR notation (RFC 4632).</summary>
/// <param name="Prefix">Its first address.</param>
/// <param name="Length">The leading bits that all of its addresses share: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public sealed record AddressBlock(IpAddress Prefix, int Length)
{
    /// <summary>Whether the address lies in it.</summary>
    public bool Contains(IpAddress address) => address.Unmapped().IsIn(Prefix, Length);

    /// <summary>Reads "10.0.5.0/24", "fd00:5::/64", or one address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="error">Why it is none; null where it is one.</param>
    /// <returns>The block; null where the text is none.</returns>
    public static AddressBlock? Parse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out IpAddress address))
        {
            error = "no address or block of addresses; write one like 10.0.5.0/24 or \"fd00:5::/64\"";
            return null;
        }

        int most = address.Version == IpVersion.V4 ? 32 : 128;
        int length = most;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > most))
        {
            error = string.Create(CultureInfo.InvariantCulture, $"the length behind the slash goes from 0 to {most}");
            return null;
        }

        IpAddress first = FirstOf(address, length);
        if (first != address)
        {
            // Most likely a slip of the pen in one of the two; which, nobody can guess.
            error = string.Create(CultureInfo.InvariantCulture, $"has bits set beyond its length; write the block as {first}/{length}");
            return null;
        }

        error = null;
        return new AddressBlock(address, length);
    }

    /// <summary>"10.0.5.0/24".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}/{Length}");

    private static IpAddress FirstOf(IpAddress address, int length)
    {
        int kept = address.Version == IpVersion.V4 ? length + 96 : length;
        ulong high = address.High & Leading(kept);
        ulong low = address.Low & Leading(kept - 64);
        return address.Version == IpVersion.V4 ? IpAddress.FromV4((uint)low) : IpAddress.FromV6(high, low);
    }

    private static ulong Leading(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
