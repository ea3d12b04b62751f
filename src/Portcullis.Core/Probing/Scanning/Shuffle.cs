using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>Random order, from a seed.</summary>
internal static class Shuffle
{
    /// <summary>The same ports in another order (Fisher and Yates; the numbers by SplitMix64).</summary>
    internal static ushort[] Of(ImmutableArray<ushort> ports, ulong seed)
    {
        ushort[] shuffled = [.. ports];
        for (int at = shuffled.Length - 1; at > 0; at--)
        {
            seed += 0x9e37_79b9_7f4a_7c15;
            ulong mixed = (seed ^ (seed >> 30)) * 0xbf58_476d_1ce4_e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
            int other = (int)((mixed ^ (mixed >> 31)) % (ulong)(at + 1));
            (shuffled[at], shuffled[other]) = (shuffled[other], shuffled[at]);
        }

        return shuffled;
    }
}
