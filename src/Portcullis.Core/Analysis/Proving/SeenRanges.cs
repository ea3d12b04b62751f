using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Puts neighbouring ports that fared alike together, and takes them apart again.</summary>
public static class SeenRanges
{
    /// <summary>The ranges of ports, each of which is in the list once.</summary>
    public static ImmutableArray<SeenPorts> Of(IEnumerable<SeenPorts> ports)
    {
        List<SeenPorts> sorted = [.. ports];
        sorted.Sort(static (left, right) => left.Protocol != right.Protocol ? (int)left.Protocol - (int)right.Protocol : left.First - right.First);
        ImmutableArray<SeenPorts>.Builder ranges = ImmutableArray.CreateBuilder<SeenPorts>();
        foreach (SeenPorts next in sorted)
        {
            if (ranges.Count > 0 && ranges[^1] is var last && last with { First = next.First, Last = next.Last } == next && last.Last + 1 == next.First)
            {
                ranges[^1] = last with { Last = next.Last };
            }
            else
            {
                ranges.Add(next);
            }
        }

        return ranges.ToImmutable();
    }

    /// <summary>The ranges with some ports renewed.</summary>
    /// <param name="old">The ranges.</param>
    /// <param name="renewed">The ports that were asked again, each alone.</param>
    public static ImmutableArray<SeenPorts> Renewed(ImmutableArray<SeenPorts> old, IReadOnlyCollection<SeenPorts> renewed)
    {
        ArgumentNullException.ThrowIfNull(renewed);
        List<SeenPorts> all = [.. old];
        foreach (SeenPorts one in renewed)
        {
            int at = all.FindIndex(range => range.Protocol == one.Protocol && range.First <= one.First && one.First <= range.Last);
            if (at < 0)
            {
                continue; // it was not asked before
            }

            SeenPorts range = all[at];
            all.RemoveAt(at);
            if (range.First < one.First)
            {
                all.Add(range with { Last = one.First - 1 });
            }

            if (one.First < range.Last)
            {
                all.Add(range with { First = one.First + 1 });
            }

            all.Add(one);
        }

        return Of(all);
    }
}
