using System;
using System.Collections.Generic;

namespace Portcullis.Core.Firewall;

/// <summary>
/// Functions of packets, as interval decision diagrams: a node asks for one dimension, and has for each interval of its values another
/// diagram; an end is the number of an outcome. Equal functions are one and the same number, so that they are computed once, and rules that
/// do not differ for some packets cost nothing there.
/// </summary>
/// <remarks>
/// A decision diagram over whole intervals (Strehl and Thiele, 1998) rather than single bits: a ruleset's ports and prefixes are few intervals,
/// but many bits. Dimensions are asked in the order of their numbers. An outcome is kept as its complement, below zero.
/// </remarks>
internal sealed class DiagramStore
{
    /// <summary>The outcome that falls through.</summary>
    internal const int Fall = 0;

    private readonly int _most;
    private readonly Dictionary<ulong, int> _memo = [];
    private int[] _dimensions = new int[256];
    private int[] _starts = new int[257];
    private bool[] _falls = new bool[256];
    private ulong[] _lasts = new ulong[1024];
    private int[] _children = new int[1024];
    private int[] _buckets = new int[512];
    private int[] _nexts = new int[256];
    private uint[] _hashes = new uint[256];
    private int _count;
    private ulong[] _scratchLasts = new ulong[256];
    private int[] _scratchChildren = new int[256];
    private int _scratchCount;

    /// <summary>Makes an empty store.</summary>
    /// <param name="most">The most intervals that it may hold.</param>
    internal DiagramStore(int most)
    {
        _most = most;
        Array.Fill(_buckets, -1);
    }

    /// <summary>The intervals held so far.</summary>
    internal int Size => _starts[_count];

    /// <summary>The function that is this outcome everywhere.</summary>
    internal static int End(int outcome) => ~outcome;

    /// <summary>Whether the function is one outcome everywhere.</summary>
    internal static bool IsEnd(int diagram) => diagram < 0;

    /// <summary>The outcome of an end.</summary>
    internal static int OutcomeOf(int end) => ~end;

    /// <summary>The dimension that a node asks for.</summary>
    internal int DimensionOf(int node) => _dimensions[node];

    /// <summary>The greatest values of a node's intervals; the last is the greatest value there is.</summary>
    internal ReadOnlySpan<ulong> LastsOf(int node) => _lasts.AsSpan(_starts[node], _starts[node + 1] - _starts[node]);

    /// <summary>The diagrams of a node's intervals.</summary>
    internal ReadOnlySpan<int> ChildrenOf(int node) => _children.AsSpan(_starts[node], _starts[node + 1] - _starts[node]);

    /// <summary>A function that is <paramref name="inside"/> for values from first to last, else <paramref name="outside"/>; both ask later dimensions only.</summary>
    internal int Interval(int dimension, ulong first, ulong last, int inside, int outside)
    {
        Builder builder = new(this, dimension);
        if (first > 0)
        {
            builder.Add(first - 1, outside);
        }

        builder.Add(last, inside);
        if (last < ulong.MaxValue)
        {
            builder.Add(ulong.MaxValue, outside);
        }

        return builder.Finish();
    }

    /// <summary>The first function, but where it falls through (outcome <see cref="Fall"/>) the second.</summary>
    internal int Then(int first, int second)
    {
        if (IsEnd(first))
        {
            return OutcomeOf(first) == Fall ? second : first;
        }

        if (!_falls[first] || second == End(Fall))
        {
            return first;
        }

        ulong key = (((ulong)(uint)first << 32) | (uint)second) * 0x9E3779B97F4A7C15; // the hash of a ulong is its halves turned over one another
        if (_memo.TryGetValue(key, out int known))
        {
            return known;
        }

        if (_memo.Count >= _most)
        {
            throw new TooComplexException();
        }

        int mine = _dimensions[first];
        int other = IsEnd(second) ? int.MaxValue : _dimensions[second];
        int dimension = Math.Min(mine, other);
        Builder builder = new(this, dimension);
        int at = mine == dimension ? _starts[first] : -1;
        int with = other == dimension ? _starts[second] : -1;
        for (; ; )
        {
            ulong last = at < 0 ? _lasts[with] : with < 0 ? _lasts[at] : Math.Min(_lasts[at], _lasts[with]);
            builder.Add(last, Then(at < 0 ? first : _children[at], with < 0 ? second : _children[with]));
            if (last == ulong.MaxValue)
            {
                break;
            }

            at += at >= 0 && _lasts[at] == last ? 1 : 0;
            with += with >= 0 && _lasts[with] == last ? 1 : 0;
        }

        int result = builder.Finish();
        _memo[key] = result;
        return result;
    }

    /// <summary>The function with other diagrams in the place of its ends.</summary>
    /// <param name="diagram">The function.</param>
    /// <param name="replace">For an outcome the diagram that stands in its place.</param>
    internal int Bind(int diagram, Func<int, int> replace) => IsEnd(diagram) ? replace(OutcomeOf(diagram)) : Bind(diagram, replace, []);

    private int Bind(int diagram, Func<int, int> replace, Dictionary<int, int> done)
    {
        if (done.TryGetValue(diagram, out int known))
        {
            return known;
        }

        if (IsEnd(diagram))
        {
            return done[diagram] = replace(OutcomeOf(diagram));
        }

        int dimension = _dimensions[diagram];
        ulong[] lasts = LastsOf(diagram).ToArray();
        int[] bound = ChildrenOf(diagram).ToArray();
        for (int at = 0; at < bound.Length; at++)
        {
            bound[at] = Bind(bound[at], replace, done);
        }

        int result = Branch(dimension, lasts, bound);
        done[diagram] = result;
        return result;
    }

    /// <summary>For each interval of a dimension another function, which may ask for any dimension.</summary>
    internal int Branch(int dimension, ulong[] lasts, int[] diagrams)
    {
        bool isBelow = true;
        foreach (int diagram in diagrams)
        {
            isBelow &= IsEnd(diagram) || _dimensions[diagram] > dimension;
        }

        return isBelow ? Node(dimension, lasts, diagrams) : Choose(dimension, lasts, diagrams, 0, diagrams.Length);
    }

    /// <summary>A node whose diagrams ask earlier dimensions too: put together half by half.</summary>
    private int Choose(int dimension, ulong[] lasts, int[] diagrams, int from, int to)
    {
        if (to - from == 1)
        {
            return diagrams[from];
        }

        int middle = (from + to) / 2;
        int left = Choose(dimension, lasts, diagrams, from, middle);
        int right = Choose(dimension, lasts, diagrams, middle, to);
        return Select(dimension, lasts[middle - 1], left, right, []);
    }

    /// <summary>The left function for values up to a bound, the right one above.</summary>
    private int Select(int dimension, ulong bound, int left, int right, Dictionary<(int, int), int> done)
    {
        if (left == right)
        {
            return left;
        }

        int first = IsEnd(left) ? int.MaxValue : _dimensions[left];
        int second = IsEnd(right) ? int.MaxValue : _dimensions[right];
        if (Math.Min(first, second) > dimension)
        {
            return Interval(dimension, 0, bound, left, right);
        }

        if (done.TryGetValue((left, right), out int known))
        {
            return known;
        }

        int top = Math.Min(first, second);
        Builder builder = new(this, top);
        int at = first == top ? _starts[left] : -1;
        int with = second == top ? _starts[right] : -1;
        ulong next = 0;
        for (; ; )
        {
            ulong last = at < 0 ? _lasts[with] : with < 0 ? _lasts[at] : Math.Min(_lasts[at], _lasts[with]);
            if (top == dimension && next <= bound && last > bound)
            {
                last = bound;
            }

            int one = at < 0 ? left : _children[at];
            int other = with < 0 ? right : _children[with];
            builder.Add(last, top == dimension ? (last <= bound ? one : other) : Select(dimension, bound, one, other, done));
            if (last == ulong.MaxValue)
            {
                break;
            }

            at += at >= 0 && _lasts[at] == last ? 1 : 0;
            with += with >= 0 && _lasts[with] == last ? 1 : 0;
            next = last + 1;
        }

        int result = builder.Finish();
        done[(left, right)] = result;
        return result;
    }

    /// <summary>A node; where all its diagrams are the same, that one.</summary>
    private int Node(int dimension, ReadOnlySpan<ulong> lasts, ReadOnlySpan<int> children)
    {
        Builder builder = new(this, dimension);
        for (int at = 0; at < lasts.Length; at++)
        {
            builder.Add(lasts[at], children[at]);
        }

        return builder.Finish();
    }

    /// <summary>Keeps the node that stands at the end of the arrays, or finds the one that is equal to it.</summary>
    private int Intern(int dimension, ReadOnlySpan<ulong> lasts, ReadOnlySpan<int> children)
    {
        uint hash = (uint)dimension;
        for (int at = 0; at < lasts.Length; at++)
        {
            hash = (((hash ^ (uint)children[at]) * 0x9E3779B1u) ^ (uint)lasts[at] ^ (uint)(lasts[at] >> 32)) * 0x85EBCA77u;
            hash ^= hash >> 15;
        }

        int bucket = (int)(hash & (uint)(_buckets.Length - 1));
        for (int one = _buckets[bucket]; one >= 0; one = _nexts[one])
        {
            if (_dimensions[one] == dimension && LastsOf(one).SequenceEqual(lasts) && ChildrenOf(one).SequenceEqual(children))
            {
                return one;
            }
        }

        return Add(dimension, lasts, children, bucket, hash);
    }

    private int Add(int dimension, ReadOnlySpan<ulong> lasts, ReadOnlySpan<int> children, int bucket, uint hash)
    {
        int start = _starts[_count];
        if (start + lasts.Length > _most)
        {
            throw new TooComplexException();
        }

        Reserve(start + lasts.Length);
        lasts.CopyTo(_lasts.AsSpan(start));
        children.CopyTo(_children.AsSpan(start));
        bool falls = false;
        foreach (int child in children)
        {
            falls |= IsEnd(child) ? OutcomeOf(child) == Fall : _falls[child];
        }

        int node = _count++;
        _dimensions[node] = dimension;
        _starts[node + 1] = start + lasts.Length;
        _falls[node] = falls;
        if (node * 2 > _buckets.Length)
        {
            Grow(node);
            bucket = (int)(hash & (uint)(_buckets.Length - 1));
        }

        _hashes[node] = hash;
        _nexts[node] = _buckets[bucket];
        _buckets[bucket] = node;
        return node;
    }

    private void Reserve(int edges)
    {
        if (edges > _lasts.Length)
        {
            int size = Math.Max(edges, _lasts.Length * 2);
            Array.Resize(ref _lasts, size);
            Array.Resize(ref _children, size);
        }

        if (_count + 1 >= _dimensions.Length)
        {
            int size = _dimensions.Length * 2;
            Array.Resize(ref _dimensions, size);
            Array.Resize(ref _starts, size + 1);
            Array.Resize(ref _falls, size);
            Array.Resize(ref _nexts, size);
            Array.Resize(ref _hashes, size);
        }
    }

    private void Grow(int nodes)
    {
        _buckets = new int[_buckets.Length * 4];
        Array.Fill(_buckets, -1);
        for (int node = 0; node < nodes; node++)
        {
            int bucket = (int)(_hashes[node] & (uint)(_buckets.Length - 1));
            _nexts[node] = _buckets[bucket];
            _buckets[bucket] = node;
        }
    }

    /// <summary>Gathers a node's intervals, in order; neighbours with the same diagram become one.</summary>
    internal ref struct Builder
    {
        private readonly DiagramStore _store;
        private readonly int _dimension;
        private readonly int _from;

        internal Builder(DiagramStore store, int dimension)
        {
            _store = store;
            _dimension = dimension;
            _from = store._scratchCount;
        }

        /// <summary>Adds the interval from behind the one before up to <paramref name="last"/>.</summary>
        internal readonly void Add(ulong last, int child)
        {
            DiagramStore store = _store;
            int count = store._scratchCount;
            if (count > _from && store._scratchChildren[count - 1] == child)
            {
                store._scratchLasts[count - 1] = last;
                return;
            }

            if (count == store._scratchLasts.Length)
            {
                if (count >= store._most)
                {
                    throw new TooComplexException();
                }

                Array.Resize(ref store._scratchLasts, count * 2);
                Array.Resize(ref store._scratchChildren, count * 2);
            }

            store._scratchLasts[count] = last;
            store._scratchChildren[count] = child;
            store._scratchCount = count + 1;
        }

        /// <summary>The node.</summary>
        internal readonly int Finish()
        {
            DiagramStore store = _store;
            int count = store._scratchCount - _from;
            store._scratchCount = _from;
            return count == 1
                ? store._scratchChildren[_from]
                : store.Intern(_dimension, store._scratchLasts.AsSpan(_from, count), store._scratchChildren.AsSpan(_from, count));
        }
    }
}
