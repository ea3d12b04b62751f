using System;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>Looks up keys in a set, one element after the other.</summary>
internal static class SetView
{
    /// <summary>Whether it may hold something else when a packet comes.</summary>
    internal static bool IsMoving(FirewallSet set) => set.IsDynamic || set.HasTimeouts || set.IsIncomplete;

    /// <summary>The number of the element that a key lies in; -1 for none.</summary>
    /// <param name="set">The set.</param>
    /// <param name="parts">The parts of the key, not padded.</param>
    /// <param name="lengths">The lengths of the parts.</param>
    /// <param name="ask">Asked whether parts that are not known lie in an element in which those do that are.</param>
    internal static int Find(FirewallSet set, FieldValue[] parts, int[] lengths, Func<int, bool> ask)
    {
        for (int element = 0; element < set.Count; element++)
        {
            if ((set.HasCatchAll && element == set.Count - 1) || Holds(set, element, parts, lengths, ask))
            {
                return element;
            }
        }

        return -1;
    }

    private static bool Holds(FirewallSet set, int element, FieldValue[] parts, int[] lengths, Func<int, bool> ask)
    {
        bool isKnown = true;
        ReadOnlySpan<byte> first = set.Keys.AsSpan(2 * element * set.KeyLength, set.KeyLength);
        ReadOnlySpan<byte> last = set.Keys.AsSpan(((2 * element) + 1) * set.KeyLength, set.KeyLength);
        int at = 0;
        for (int index = 0; index < parts.Length; index++)
        {
            int length = lengths[index];
            if (parts[index].Bytes is not byte[] part)
            {
                isKnown = false;
            }
            else if (part.AsSpan().SequenceCompareTo(first.Slice(at, length)) < 0 || part.AsSpan().SequenceCompareTo(last.Slice(at, length)) > 0)
            {
                return false;
            }

            at += parts.Length == 1 ? length : (length + 3) / 4 * 4;
        }

        return isKnown || ask(element);
    }

    /// <summary>Whether keys of this form fit the set.</summary>
    internal static bool Fits(FirewallSet set, int[] lengths) =>
        set.KeyLength >= (lengths.Length == 1 ? lengths[0] : lengths.Sum(one => (one + 3) / 4 * 4));
}
