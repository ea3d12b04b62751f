using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Whether rules make a difference between the ports that are asked about.</summary>
internal static class AskedPorts
{
    /// <summary>Whether all of them lie in some ranges, or none; null where they differ, or the ranges are not of ports.</summary>
    internal static bool? Agree(ImmutableArray<int> ports, ImmutableArray<ByteRange> ranges)
    {
        int met = 0;
        foreach (int port in ports)
        {
            foreach (ByteRange range in ranges)
            {
                if (range.First.Length != 2 || range.Last.Length != 2)
                {
                    return null;
                }

                if (port >= ((range.First[0] << 8) | range.First[1]) && port <= ((range.Last[0] << 8) | range.Last[1]))
                {
                    met++;
                    break;
                }
            }
        }

        return Agree(met, ports.Length);
    }

    /// <summary>Whether all of them lie in some intervals, or none; null where they differ.</summary>
    internal static bool? Agree(ImmutableArray<int> ports, List<(ulong First, ulong Last)> intervals)
    {
        int met = 0;
        foreach (int port in ports)
        {
            foreach ((ulong first, ulong last) in intervals)
            {
                if ((ulong)port >= first && (ulong)port <= last)
                {
                    met++;
                    break;
                }
            }
        }

        return Agree(met, ports.Length);
    }

    private static bool? Agree(int met, int all) => met == 0 ? false : met == all ? true : null;
}
