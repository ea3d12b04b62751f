using System.Collections.Generic;

namespace Portcullis.Core.Firewall;

/// <summary>Numbers values, equal ones alike, from 0.</summary>
internal sealed class Interning<T>
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers;
    private readonly List<T> _values = [];

    /// <summary>Makes it, with a way to compare values where their own is not meant.</summary>
    internal Interning(IEqualityComparer<T>? comparer = null) => _numbers = new Dictionary<T, int>(comparer);

    /// <summary>The value of a number.</summary>
    internal T this[int number] => _values[number];

    /// <summary>The number of a value.</summary>
    internal int NumberOf(T value)
    {
        if (!_numbers.TryGetValue(value, out int number))
        {
            _numbers[value] = number = _values.Count;
            _values.Add(value);
        }

        return number;
    }
}
