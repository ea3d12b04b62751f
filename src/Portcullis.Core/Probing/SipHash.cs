using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Portcullis.Core.Probing;

/// <summary>SipHash-2-4 of one 64-bit word: a keyed hash that who does not know the key cannot foretell.</summary>
/// <remarks>Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012); RFC 6528, 3, asks for such a function for sequence numbers.</remarks>
public readonly struct SipHash : IEquatable<SipHash>
{
    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Takes a key.</summary>
    /// <param name="key">16 random bytes.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The hash of a word's eight bytes, the low one first.</summary>
    public ulong Of(ulong word)
    {
        ulong a = _low ^ 0x736f_6d65_7073_6575;
        ulong b = _high ^ 0x646f_7261_6e64_6f6d;
        ulong c = _low ^ 0x6c79_6765_6e65_7261;
        ulong d = _high ^ 0x7465_6462_7974_6573;
        d ^= word;
        Round(ref a, ref b, ref c, ref d);
        Round(ref a, ref b, ref c, ref d);
        a ^= word;
        const ulong Length = 8ul << 56; // the last block holds the length alone
        d ^= Length;
        Round(ref a, ref b, ref c, ref d);
        Round(ref a, ref b, ref c, ref d);
        a ^= Length;
        c ^= 0xff;
        for (int round = 0; round < 4; round++)
        {
            Round(ref a, ref b, ref c, ref d);
        }

        return a ^ b ^ c ^ d;
    }

    /// <inheritdoc/>
    public bool Equals(SipHash other) => _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SipHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_low, _high);

    /// <summary>Whether two have the same key.</summary>
    public static bool operator ==(SipHash left, SipHash right) => left.Equals(right);

    /// <summary>Whether two have different keys.</summary>
    public static bool operator !=(SipHash left, SipHash right) => !left.Equals(right);

    private static void Round(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a += b;
        b = BitOperations.RotateLeft(b, 13) ^ a;
        a = BitOperations.RotateLeft(a, 32);
        c += d;
        d = BitOperations.RotateLeft(d, 16) ^ c;
        a += d;
        d = BitOperations.RotateLeft(d, 21) ^ a;
        c += b;
        b = BitOperations.RotateLeft(b, 17) ^ c;
        c = BitOperations.RotateLeft(c, 32);
    }
}
