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
    internal static int Find(FirewallSet set, byte[][] parts)
    {
        for (int element = 0; element < set.Count; element++)
        {
            if ((set.HasCatchAll && element == set.Count - 1) || Holds(set, element, parts))
            {
                return element;
            }
        }

        return -1;
    }

    private static bool Holds(FirewallSet set, int element, byte[][] parts)
    {
        ReadOnlySpan<byte> first = set.Keys.AsSpan(2 * element * set.KeyLength, set.KeyLength);
        ReadOnlySpan<byte> last = set.Keys.AsSpan(((2 * element) + 1) * set.KeyLength, set.KeyLength);
        int at = 0;
        foreach (byte[] part in parts)
        {
            if (part.AsSpan().SequenceCompareTo(first.Slice(at, part.Length)) < 0 || part.AsSpan().SequenceCompareTo(last.Slice(at, part.Length)) > 0)
            {
                return false;
            }

            at += parts.Length == 1 ? part.Length : (part.Length + 3) / 4 * 4;
        }

        return true;
    }

    /// <summary>Whether keys of this form fit the set.</summary>
    internal static bool Fits(FirewallSet set, int[] lengths) =>
        set.KeyLength >= (lengths.Length == 1 ? lengths[0] : lengths.Sum(one => (one + 3) / 4 * 4));
}
