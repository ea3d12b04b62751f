using System;
using System.Collections.Generic;
using System.Numerics;
using Portcullis.Core.Probing;
using Xunit;

namespace Portcullis.Tests.Probing;

public sealed class SipHashTests
{
    private static readonly byte[] s_key = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    [Fact]
    public void Hash_of_eight_bytes_is_that_of_the_published_vectors()
    {
        // The ninth of vectors_sip64 of the authors' reference (github.com/veorq/SipHash, vectors.h): key 00 to 0f, input 00 to 07.
        Assert.Equal(0x93f5_f579_9a93_2462ul, new SipHash(s_key).Of(0x0706_0504_0302_0100));
    }

    [Fact]
    public void Every_bit_of_the_key_and_of_the_word_changes_about_half_of_the_hash()
    {
        ulong hash = new SipHash(s_key).Of(42);
        HashSet<ulong> seen = [hash];
        for (int bit = 0; bit < 192; bit++)
        {
            byte[] key = [.. s_key];
            key[bit % 128 / 8] ^= (byte)(bit < 128 ? 1 << (bit % 8) : 0);
            ulong other = new SipHash(key).Of(bit < 128 ? 42 : 42ul ^ (1ul << (bit - 128)));
            Assert.True(seen.Add(other));
            Assert.InRange(BitOperations.PopCount(hash ^ other), 12, 52);
        }
    }

    [Fact]
    public void Equal_keys_are_equal()
    {
        byte[] other = [.. s_key[..15], 16];
        Assert.True(new SipHash(s_key) == new SipHash(s_key));
        Assert.Equal(new SipHash(s_key).GetHashCode(), new SipHash(s_key).GetHashCode());
        Assert.True(new SipHash(s_key) != new SipHash(other));
        Assert.False(new SipHash(s_key).Equals("a key"));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        SipHash hash = new(s_key);
        ulong sum = hash.Of(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong word = 1; word < 100; word++)
        {
            sum ^= hash.Of(word);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0ul, sum);
    }
}
