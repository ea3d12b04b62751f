using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Portcullis.Core.Model;

/// <summary>
/// An IPv4 or IPv6 address as a plain value, without the allocation and the mutable scope of <see cref="IPAddress"/>.
/// </summary>
/// <remarks>
/// An IPv4 address occupies the low 32 bits of <see cref="Low"/>; an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) stays IPv6.
/// Two words instead of one UInt128: code that handles UInt128 is never compiled ahead of time (seen on .NET 10).
/// </remarks>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    private IpAddress(IpVersion version, ulong high, ulong low)
    {
        Version = version;
        High = high;
        Low = low;
    }

    /// <summary>0.0.0.0: every IPv4 address of the host.</summary>
    public static IpAddress AnyV4 { get; } = FromV4(0);

    /// <summary>::, every IPv6 address of the host.</summary>
    public static IpAddress AnyV6 { get; } = FromV6(0, 0);

    /// <summary>Whether this is an IPv4 or an IPv6 address.</summary>
    public IpVersion Version { get; }

    /// <summary>The first 64 bits of an IPv6 address as a number; 0 for IPv4.</summary>
    public ulong High { get; }

    /// <summary>The last 64 bits of an IPv6 address as a number; the whole of an IPv4 address.</summary>
    public ulong Low { get; }

    /// <summary>Whether every bit is zero, which in a bind means "all addresses of the host".</summary>
    public bool IsAny => (High | Low) == 0;

    /// <summary>Whether this is an IPv6 address of the block ::ffff:0:0/96, which only carries IPv4 traffic.</summary>
    public bool IsV4Mapped => Version == IpVersion.V6 && High == 0 && (Low >> 32) == 0xffff;

    /// <summary>Whether both are the same address. Written out: what the compiler makes of it compares the versions by an object.</summary>
    public bool Equals(IpAddress other) => Low == other.Low && High == other.High && Version == other.Version;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(High, Low, (int)Version);

    /// <summary>Makes an IPv4 address from its number in host order.</summary>
    public static IpAddress FromV4(uint bits) => new(IpVersion.V4, 0, bits);

    /// <summary>Makes an IPv6 address from its two halves in host order.</summary>
    public static IpAddress FromV6(ulong high, ulong low) => new(IpVersion.V6, high, low);

    /// <summary>Reads an address from network-order bytes.</summary>
    /// <param name="bytes">Exactly 4 or 16 bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static IpAddress FromNetworkOrder(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => FromV6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("an address has 4 or 16 bytes", nameof(bytes)),
    };

    /// <summary>Writes the address as network-order bytes; gives their number, 4 or 16.</summary>
    /// <param name="to">At least so many bytes.</param>
    public int WriteNetworkOrder(Span<byte> to)
    {
        if (Version == IpVersion.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)Low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(to, High);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], Low);
        return 16;
    }

    /// <summary>Reads the usual text forms: dotted quad (four decimal parts), and RFC 4291 section 2.2 without a zone index.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        if (text is null)
        {
            return false;
        }

        // IPAddress.Parse accepts "1" and "0x7f.1" as well; nobody who writes a policy or a snapshot means these.
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return TryParseDottedQuad(text, out address);
        }

        Span<byte> bytes = stackalloc byte[16];
        if (text.Contains('%', StringComparison.Ordinal)
            || !IPAddress.TryParse(text, out IPAddress? parsed) || !parsed.TryWriteBytes(bytes, out int length) || length != bytes.Length)
        {
            return false;
        }

        address = FromNetworkOrder(bytes);
        return true;
    }

    /// <summary>Reads a text that is known to be an address.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out IpAddress address) ? address : throw new FormatException($"\"{text}\" is no IP address");

    /// <summary>The embedded IPv4 address of an IPv4-mapped one; every other address unchanged.</summary>
    public IpAddress Unmapped() => IsV4Mapped ? FromV4((uint)Low) : this;

    /// <summary>Whether this address lies in <paramref name="prefix"/>/<paramref name="length"/> of the same version.</summary>
    /// <param name="prefix">The first address of the block.</param>
    /// <param name="length">Leading bits that must agree: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
    public bool IsIn(IpAddress prefix, int length)
    {
        // IPv4's 32 bits are the last of 128.
        int leading = Version == IpVersion.V4 ? length + 96 : length;
        return Version == prefix.Version
            && ((High ^ prefix.High) & LeadingOnes(leading)) == 0
            && ((Low ^ prefix.Low) & LeadingOnes(leading - 64)) == 0;
    }

    /// <inheritdoc/>
    public int CompareTo(IpAddress other) =>
        Version != other.Version ? (Version < other.Version ? -1 : 1)
        : High != other.High ? High.CompareTo(other.High)
        : Low.CompareTo(other.Low);

    /// <summary>Orders two that may be missing: none before any.</summary>
    public static int Compare(IpAddress? left, IpAddress? right) =>
        left is IpAddress one && right is IpAddress other ? one.CompareTo(other) : (left is null ? 0 : 1) - (right is null ? 0 : 1);

    /// <summary>Dotted quad, or the canonical IPv6 text of RFC 5952.</summary>
    public override string ToString()
    {
        if (Version == IpVersion.V4)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{(int)(Low >> 24)}.{(int)(Low >> 16) & 0xff}.{(int)(Low >> 8) & 0xff}.{(int)Low & 0xff}");
        }

        Span<byte> bytes = stackalloc byte[16];
        WriteNetworkOrder(bytes);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Orders IPv4 before IPv6, then by number.</summary>
    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    /// <summary>Orders IPv4 before IPv6, then by number.</summary>
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    /// <summary>Orders IPv4 before IPv6, then by number.</summary>
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Orders IPv4 before IPv6, then by number.</summary>
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    /// <summary>A word whose first bits are ones: none for 0 and below, all for 64 and above.</summary>
    private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);

    private static bool TryParseDottedQuad(string text, out IpAddress address)
    {
        address = default;
        string[] parts = text.Split('.', 5);
        uint bits = 0;
        foreach (string part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet) || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        address = FromV4(bits);
        return parts.Length == 4;
    }
}
