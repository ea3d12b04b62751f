using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// Turns the elements of a set into inclusive ranges. A set of intervals of one part is told as starts and ends (each end one behind the last
/// key) in the order of the kernel's tree, which is descending (nft_rbtree_walk of net/netfilter/nft_set_rbtree.c), and no part of the interface.
/// </summary>
internal sealed class NftIntervals
{
    private readonly NftSet _set;
    private readonly int _length;
    private readonly byte[] _starts;
    private readonly byte[] _marks;
    private readonly ByteBag _keys = new();
    private readonly ByteBag _data = new();
    private readonly List<RuleVerdict> _verdicts = [];
    private bool _paired;

    private NftIntervals(NftSet set)
    {
        _set = set;
        _length = set.KeyLength;
        _starts = set.Starts.Span.ToArray();
        _marks = set.Marks.Span.ToArray();
    }

    /// <summary>Sets <see cref="NftSet.Keys"/>, and the data and verdicts in the same order.</summary>
    internal static void Settle(NftSet set)
    {
        NftIntervals intervals = new(set);
        ReadOnlySpan<byte> ends = set.Ends.Span;
        bool hasRanges = set.Marks.Span.Contains(ElementMark.Range);
        if ((set.Flags & NftSet.Interval) != 0 && (set.Flags & NftSet.Concatenation) == 0 && (!hasRanges || set.Marks.Span.Contains(ElementMark.End)))
        {
            intervals.Pair();
        }

        for (int at = 0; at < intervals._marks.Length; at++)
        {
            if (intervals._marks[at] is ElementMark.Range || (intervals._marks[at] is ElementMark.Start && !intervals._paired))
            {
                intervals.Add(at, ends.Slice(at * intervals._length, intervals._length));
            }
        }

        int catchAll = Array.IndexOf(intervals._marks, ElementMark.CatchAll);
        if (catchAll >= 0)
        {
            intervals.Add(catchAll, ends.Slice(catchAll * intervals._length, intervals._length));
        }

        set.Keys = intervals._keys.Span.ToArray();
        set.FinalData = intervals._data.Span.ToArray();
        set.FinalVerdicts = [.. intervals._verdicts];
    }

    private void Pair()
    {
        _paired = true;
        int[] order = Order();
        int open = -1;
        Span<byte> last = stackalloc byte[NftSet.LongestValue];
        last = last[.._length];
        foreach (int at in order)
        {
            if (open >= 0)
            {
                Key(at).CopyTo(last);
                if (Decrement(last) && last.SequenceCompareTo(Key(open)) >= 0)
                {
                    Add(open, last);
                }
                else
                {
                    // Two starts at one key, or an end at it: a set that no kernel makes.
                    _set.IsIncomplete = true;
                }
            }

            open = _marks[at] == ElementMark.Start ? at : -1;
        }

        if (open >= 0)
        {
            last.Fill(0xff);
            Add(open, last);
        }
    }

    private ReadOnlySpan<byte> Key(int at) => _starts.AsSpan(at * _length, _length);

    /// <summary>The starts and ends, ascending; sorted only where they are neither that nor descending already.</summary>
    private int[] Order()
    {
        int[] order = new int[_marks.Length];
        int count = 0;
        for (int at = 0; at < _marks.Length; at++)
        {
            if (_marks[at] is ElementMark.Start or ElementMark.End)
            {
                order[count++] = at;
            }
        }

        Span<int> all = order.AsSpan(0, count);
        if (count > 1 && Compare(all[0], all[^1]) > 0)
        {
            all.Reverse();
        }

        for (int at = 1; at < count; at++)
        {
            if (Compare(all[at - 1], all[at]) > 0)
            {
                // Ranges without a gap between them have an end and a start at one key, in any order.
                if (Key(all[at - 1]).SequenceEqual(Key(all[at])))
                {
                    (all[at - 1], all[at]) = (all[at], all[at - 1]);
                    continue;
                }

                Sort(all);
                break;
            }
        }

        return all.ToArray();
    }

    /// <summary>By the first eight bytes as numbers, which is ten times as fast as by spans, and only then by the rest.</summary>
    private void Sort(Span<int> all)
    {
        ulong[] leading = new ulong[all.Length];
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        for (int at = 0; at < all.Length; at++)
        {
            ReadOnlySpan<byte> key = Key(all[at]);
            bytes.Clear();
            key[..Math.Min(key.Length, bytes.Length)].CopyTo(bytes);
            leading[at] = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        leading.AsSpan().Sort(all);
        for (int start = 0; start < all.Length;)
        {
            int end = start + 1;
            while (end < all.Length && leading[end] == leading[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                all[start..end].Sort(Compare);
            }

            start = end;
        }
    }

    private int Compare(int left, int right)
    {
        int byKey = Key(left).SequenceCompareTo(Key(right));
        return byKey != 0 ? byKey : _marks[left].CompareTo(_marks[right]);
    }

    private void Add(int at, ReadOnlySpan<byte> last)
    {
        _keys.Add(Key(at));
        _keys.Add(last);
        _data.Add(_set.Data.Span.Slice(at * _set.DataLength, _set.DataLength));
        if (_set.HoldsVerdicts)
        {
            _verdicts.Add(CollectionsMarshal.AsSpan(_set.Verdicts)[at]);
        }
    }

    /// <summary>One less, as a big-endian number; false for zero.</summary>
    internal static bool Decrement(Span<byte> number)
    {
        for (int at = number.Length - 1; at >= 0; at--)
        {
            if (number[at]-- != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One more, as a big-endian number; false for all ones.</summary>
    internal static bool Increment(Span<byte> number)
    {
        for (int at = number.Length - 1; at >= 0; at--)
        {
            if (++number[at] != 0)
            {
                return true;
            }
        }

        return false;
    }
}
