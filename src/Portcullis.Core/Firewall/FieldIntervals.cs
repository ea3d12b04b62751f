using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Works out for which values of a dimension a field lies between bounds.</summary>
internal static class FieldIntervals
{
    internal static byte Bits(Operand operand, int at, byte value) =>
        (byte)((value & (at < operand.Mask.Length ? operand.Mask[at] : 0xff)) ^ (at < operand.Xor.Length ? operand.Xor[at] : 0));

    internal static bool IsZero(ImmutableArray<byte> bits, int at, int length) => bits.IsEmpty || bits.AsSpan(at, length).IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The number of leading ones of a part of a mask that has ones nowhere else; null for another mask.</summary>
    internal static int? Leading(ImmutableArray<byte> mask, int at, int length)
    {
        if (mask.IsEmpty)
        {
            return length * 8;
        }

        int ones = 0;
        bool isOver = false;
        for (int bit = 0; bit < length * 8; bit++)
        {
            bool isOne = (mask[at + (bit / 8)] >> (7 - (bit % 8)) & 1) != 0;
            if (isOne && isOver)
            {
                return null;
            }

            ones += isOne ? 1 : 0;
            isOver |= !isOne;
        }

        return ones;
    }

    /// <summary>The values of a dimension for which an operand lies in the ranges; null where it is asked for otherwise than by leading bits and is too wide to try each.</summary>
    internal static List<(ulong First, ulong Last)>? Intervals(Operand operand, Piece piece, ImmutableArray<ByteRange> ranges)
    {
        int? leading = piece.Skip == 0 && piece.Fixed is null && IsZero(operand.Xor, 0, piece.Length) ? Leading(operand.Mask, 0, piece.Length) : null;
        if (leading is int bits)
        {
            List<(ulong, ulong)> intervals = [];
            foreach (ByteRange range in ranges)
            {
                if (Units(range.First, range.Last, 0, Math.Min(piece.Length, range.First.Length), bits, out ulong low, out ulong high, out _, out _) && low <= high)
                {
                    int shift = (piece.Width * 8) - Math.Min(bits, Math.Min(piece.Length, range.First.Length) * 8);
                    intervals.Add((shift == 64 ? 0 : low << shift, Branches.End(high, shift, piece.Width)));
                }
            }

            return intervals;
        }

        return piece.Width > 2 ? null : Tried(operand, piece, ranges);
    }

    private static List<(ulong First, ulong Last)> Tried(Operand operand, Piece piece, ImmutableArray<ByteRange> ranges)
    {
        List<(ulong, ulong)> intervals = [];
        Span<byte> whole = stackalloc byte[8];
        Span<byte> value = stackalloc byte[piece.Length];
        ulong most = (1UL << (piece.Width * 8)) - 1;
        for (ulong number = 0; number <= most; number++)
        {
            // Values that no packet has stand for those that differ from them in fixed bits only, so that they never make a difference.
            BinaryPrimitives.WriteUInt64BigEndian(whole, piece.Fixed is FixedBits set ? set.Of((byte)number) : number);
            for (int at = 0; at < value.Length; at++)
            {
                value[at] = Bits(operand, at, whole[8 - piece.Width + piece.Skip + at]);
            }

            foreach (ByteRange range in ranges)
            {
                ReadOnlySpan<byte> compared = value[..Math.Min(value.Length, range.First.Length)];
                if (compared.SequenceCompareTo(range.First.AsSpan()) >= 0 && compared.SequenceCompareTo(range.Last.AsSpan()) <= 0)
                {
                    intervals.Add((number, number == most ? ulong.MaxValue : number));
                    break;
                }
            }
        }

        return intervals;
    }

    /// <summary>
    /// A part of both bounds in units of the leading bits that count. A bound with bits behind these is never met exactly.
    /// </summary>
    /// <returns>False where no value is as great as the lower bound.</returns>
    internal static bool Units(ImmutableArray<byte> first, ImmutableArray<byte> last, int at, int length, int bits, out ulong low, out ulong high, out bool isLowMet, out bool isHighMet)
    {
        ulong from = 0;
        ulong to = 0;
        for (int index = at; index < at + length; index++)
        {
            from = (from << 8) | first[index];
            to = (to << 8) | last[index];
        }

        int drop = Math.Max(0, (length * 8) - bits);
        ulong rest = drop == 64 ? ulong.MaxValue : (1UL << drop) - 1;
        low = drop == 64 ? 0 : from >> drop;
        high = drop == 64 ? 0 : to >> drop;
        isLowMet = (from & rest) == 0;
        isHighMet = (to & rest) == 0;
        if (!isLowMet)
        {
            if (low == (bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1))
            {
                return false;
            }

            low++;
        }

        return true;
    }
}
