using System;
using System.Numerics;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>A queue of numbers that does not allocate; it must never hold more than it was made for.</summary>
internal sealed class Ring
{
    private readonly int[] _items;
    private uint _first;
    private uint _end;

    /// <summary>Makes one.</summary>
    /// <param name="capacity">The most that are in it at once.</param>
    internal Ring(int capacity) => _items = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity))];

    /// <summary>Whether none is in it.</summary>
    internal bool IsEmpty => _first == _end;

    /// <summary>The one that was added before all others.</summary>
    internal int First => _items[_first & (uint)(_items.Length - 1)];

    /// <summary>Puts one at the end.</summary>
    internal void Add(int item) => _items[_end++ & (uint)(_items.Length - 1)] = item;

    /// <summary>Takes the first out.</summary>
    internal int Take() => _items[_first++ & (uint)(_items.Length - 1)];
}
