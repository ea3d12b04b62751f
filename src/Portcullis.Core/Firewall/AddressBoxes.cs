using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Core.Firewall;

/// <summary>Puts neighbouring boxes of addresses together.</summary>
public static class AddressBoxes
{
    /// <summary>The same addresses in fewer boxes, by their first address.</summary>
    public static IReadOnlyList<AddressBox> Merged(IEnumerable<AddressBox> boxes)
    {
        List<AddressBox> merged = [];
        List<AddressBox> sorted = [.. boxes.Distinct()];
        sorted.Sort(Order);
        foreach (AddressBox box in sorted)
        {
            if (merged.Count > 0 && Joined(merged[^1], box) is AddressBox both)
            {
                merged[^1] = both;
            }
            else
            {
                merged.Add(box);
            }
        }

        return merged;
    }

    private static int Order(AddressBox left, AddressBox right) =>
        ((int)left.Version).CompareTo((int)right.Version) is int version and not 0 ? version
        : left.FirstHigh.CompareTo(right.FirstHigh) is int first and not 0 ? first
        : left.LastHigh.CompareTo(right.LastHigh) is int last and not 0 ? last
        : left.FirstLow.CompareTo(right.FirstLow);

    /// <summary>Two boxes as one; null where they are none.</summary>
    private static AddressBox? Joined(AddressBox left, AddressBox right) =>
        left.Version != right.Version ? null
        : left.FirstHigh == right.FirstHigh && left.LastHigh == right.LastHigh && (left.LastLow == ulong.MaxValue || right.FirstLow <= left.LastLow + 1)
            ? left with { LastLow = ulong.Max(left.LastLow, right.LastLow) }
        : left.FirstLow == right.FirstLow && left.LastLow == right.LastLow && (left.LastHigh == ulong.MaxValue || right.FirstHigh <= left.LastHigh + 1)
            ? left with { LastHigh = ulong.Max(left.LastHigh, right.LastHigh) }
        : null;
}
