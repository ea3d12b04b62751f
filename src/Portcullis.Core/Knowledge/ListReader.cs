using System;
using System.Text;

namespace Portcullis.Core.Knowledge;

/// <summary>
/// Takes the items of a separated list one by one. <see cref="MemoryExtensions"/>.Split does the same, but is compiled at the
/// first look-up of every start, because the framework has no ready code of it for bytes.
/// </summary>
/// <param name="list">The list; an empty one has one empty item.</param>
/// <param name="separator">What stands between two items; not empty.</param>
internal ref struct ListReader(ReadOnlySpan<byte> list, ReadOnlySpan<byte> separator)
{
    private readonly ReadOnlySpan<byte> _separator = separator;
    private ReadOnlySpan<byte> _rest = list;
    private bool _ended;

    /// <summary>Takes the next item.</summary>
    /// <param name="item">The item; empty where the answer is no.</param>
    /// <returns>Whether there was one.</returns>
    public bool Next(out ReadOnlySpan<byte> item)
    {
        int end = _rest.IndexOf(_separator);
        item = end < 0 ? _rest : _rest[..end];
        bool any = !_ended;
        _ended = end < 0;
        _rest = end < 0 ? [] : _rest[(end + _separator.Length)..];
        return any;
    }

    /// <summary>Whether a list has an item, ignoring the case of ASCII letters.</summary>
    /// <param name="list">The list.</param>
    /// <param name="separator">What stands between two items; not empty.</param>
    /// <param name="item">The whole item.</param>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> item)
    {
        var items = new ListReader(list, separator);
        while (items.Next(out ReadOnlySpan<byte> candidate))
        {
            if (Ascii.EqualsIgnoreCase(candidate, item))
                return true;
        }

        return false;
    }
}
