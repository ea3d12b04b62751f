using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Portcullis.Core.Model;

/// <summary>
/// An IPv4 or IPv6 address as a plain value, without the allocation and the mutable scope of <see cref="IPAddress"/>.
/// </summary>
/// <remarks>An IPv4 address occupies the low 32 bits of <see cref="Bits"/>; an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) stays IPv6.</remarks>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    private IpAddress(IpVersion version, UInt128 bits)
    {
        Version = version;
        Bits = bits;
    }

    /// <summary>0.0.0.0: every IPv4 address of the host.</summary>
    public static IpAddress AnyV4 { get; } = FromV4(0);

    /// <summary>::, every IPv6 address of the host.</summary>
    public static IpAddress AnyV6 { get; } = FromV6(UInt128.Zero);

    /// <summary>Whether this is an IPv4 or an IPv6 address.</summary>
    public IpVersion Version { get; }

    /// <summary>The address as a number in host order: 0 to 2^32-1 for IPv4, 0 to 2^128-1 for IPv6.</summary>
    public UInt128 Bits { get; }

    /// <summary>Whether every bit is zero, which in a bind means "all addresses of the host".</summary>
    public bool IsAny => Bits == UInt128.Zero;

    /// <summary>Whether this is an IPv6 address of the block ::ffff:0:0/96, which only carries IPv4 traffic.</summary>
    public bool IsV4Mapped => Version == IpVersion.V6 && (Bits >> 32) == 0xffff;

    /// <summary>Makes an IPv4 address from its number in host order.</summary>
    public static IpAddress FromV4(uint bits) => new(IpVersion.V4, bits);

    /// <summary>Makes an IPv6 address from its number in host order.</summary>
    public static IpAddress FromV6(UInt128 bits) => new(IpVersion.V6, bits);

    /// <summary>Reads an address from network-order bytes.</summary>
    /// <param name="bytes">Exactly 4 or 16 bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static IpAddress FromNetworkOrder(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => FromV6(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => throw new ArgumentException("an address has 4 or 16 bytes", nameof(bytes)),
    };

    /// <summary>Reads the usual text forms: dotted quad (four decimal parts), and RFC 4291 section 2.2 without a zone index.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        // IPAddress.Parse accepts "1" and "0x7f.1" as well; nobody who writes a policy or a snapshot means these.
        if (text is null || text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out int length) || (length == 4 && !IsDottedQuad(text)))
        {
            return false;
        }

        address = FromNetworkOrder(bytes[..length]);
        return true;
    }

    /// <summary>The embedded IPv4 address of an IPv4-mapped one; every other address unchanged.</summary>
    public IpAddress Unmapped() => IsV4Mapped ? FromV4((uint)(Bits & 0xffff_ffff)) : this;

    /// <summary>Whether this address lies in <paramref name="prefix"/>/<paramref name="length"/> of the same version.</summary>
    /// <param name="prefix">The first address of the block.</param>
    /// <param name="length">Leading bits that must agree: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
    public bool IsIn(IpAddress prefix, int length)
    {
        int width = Version == IpVersion.V4 ? 32 : 128;
        return Version == prefix.Version && (length == 0 || (Bits >> (width - length)) == (prefix.Bits >> (width - length)));
    }

    /// <inheritdoc/>
    public int CompareTo(IpAddress other) =>
        Version != other.Version ? Version.CompareTo(other.Version) : Bits.CompareTo(other.Bits);

    /// <summary>Dotted quad, or the canonical IPv6 text of RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Version == IpVersion.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
            return new IPAddress(bytes[..4]).ToString();
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
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

    private static bool IsDottedQuad(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(
            parts, static part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _) && (part.Length == 1 || part[0] != '0'));
    }
}
