using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>SipHash-2-4: a short hash that nobody can foretell without its key.</summary>
/// <remarks>J.-P. Aumasson, D. J. Bernstein: "SipHash: a fast short-input PRF", 2012, section 2; the kernel uses it for the same purpose.</remarks>
public static class SipHash
{
    /// <summary>Hashes bytes.</summary>
    /// <param name="low">The first half of the key, read little-endian.</param>
    /// <param name="high">The second half of the key.</param>
    /// <param name="bytes">What is hashed.</param>
    public static ulong Of(ulong low, ulong high, ReadOnlySpan<byte> bytes)
    {
        State state = new(low, high);
        ulong last = (ulong)bytes.Length << 56;
        while (bytes.Length >= 8)
        {
            state.Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        for (int at = 0; at < bytes.Length; at++)
        {
            last |= (ulong)bytes[at] << (8 * at);
        }

        state.Mix(last);
        return state.Finish();
    }

    private struct State(ulong low, ulong high)
    {
        // The paper's constants: "somepseudorandomlygeneratedbytes" in ASCII.
        private ulong _v0 = low ^ 0x736f6d6570736575;
        private ulong _v1 = high ^ 0x646f72616e646f6d;
        private ulong _v2 = low ^ 0x6c7967656e657261;
        private ulong _v3 = high ^ 0x7465646279746573;

        internal void Mix(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        internal ulong Finish()
        {
            _v2 ^= 0xff;
            for (int round = 0; round < 4; round++)
            {
                Round();
            }

            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            unchecked
            {
                _v0 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
