using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Puts neighbouring boxes of addresses together.</summary>
public static class AddressBoxes
{
    /// <summary>How all addresses of a version are told.</summary>
    public const string Any = "any";

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

    /// <summary>"any", "10.0.0.0/8, 192.168.1.1", "any but 172.17.0.0/16", whichever is the shortest, and of many the first.</summary>
    /// <param name="merged">Addresses of one version, put together and in order.</param>
    /// <param name="most">How many boxes are told at most.</param>
    public static string TextOf(IReadOnlyList<AddressBox> merged, int most)
    {
        if (merged is [{ IsAll: true }])
        {
            return Any;
        }

        return Others(merged) is { Count: > 0 } others && others.Count < merged.Count && others.Count <= most ? "any but " + string.Join(", ", others)
            : string.Join(", ", merged.Take(most)) + (merged.Count > most ? string.Create(CultureInfo.InvariantCulture, $" and {merged.Count - most} more range{(merged.Count - most == 1 ? "" : "s")}") : "");
    }

    /// <summary>The addresses between boxes, before and behind them; null where boxes of IPv6 do not go over whole last halves.</summary>
    private static List<AddressBox>? Others(IReadOnlyList<AddressBox> merged)
    {
        if (merged.Count == 0)
        {
            return null;
        }

        IpVersion version = merged[0].Version;
        ulong end = version == IpVersion.V4 ? uint.MaxValue : ulong.MaxValue;
        List<AddressBox> others = [];
        ulong? next = 0; // null behind the last address
        foreach (AddressBox box in merged)
        {
            if (box.Version != version || (version == IpVersion.V6 && (box.FirstLow > 0 || box.LastLow < ulong.MaxValue)))
            {
                return null;
            }

            (ulong first, ulong last) = version == IpVersion.V4 ? (box.FirstLow, Math.Min(box.LastLow, end)) : (box.FirstHigh, box.LastHigh);
            if (next is not ulong from || first < from)
            {
                return null;
            }

            if (first > from)
            {
                others.Add(Span(version, from, first - 1));
            }

            next = last == end ? null : last + 1;
        }

        if (next is ulong rest)
        {
            others.Add(Span(version, rest, end));
        }

        return others;
    }

    private static AddressBox Span(IpVersion version, ulong first, ulong last) =>
        version == IpVersion.V4 ? new AddressBox(version, 0, 0, first, last) : new AddressBox(version, first, last, 0, ulong.MaxValue);

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
