using System;

namespace Portcullis.Core.Wire;

/// <summary>Inodes, each with the processes that have to do with it: sorted, without doubles, looked up by halving.</summary>
/// <remarks>
/// Built by a radix sort, so the time is linear whatever the inodes are; a hash table's would be the square for inodes that
/// somebody chose.
/// </remarks>
internal sealed class PidIndex
{
    private readonly ulong[] _inodes;
    private readonly int[] _starts;
    private readonly int[] _pids;

    /// <summary>Takes over both arrays and changes them.</summary>
    internal PidIndex(ulong[] inodes, int[] pids, int count)
    {
        Sort(ref inodes, ref pids, count);
        int groups = 0;
        int kept = 0;
        int[] starts = new int[count + 1];
        for (int at = 0; at < count; at++)
        {
            bool sameInode = groups > 0 && inodes[groups - 1] == inodes[at];
            if (sameInode && pids[kept - 1] == pids[at])
            {
                continue;
            }

            if (!sameInode)
            {
                starts[groups] = kept;
                inodes[groups++] = inodes[at];
            }

            pids[kept++] = pids[at];
        }

        starts[groups] = kept;
        _inodes = inodes;
        _starts = starts;
        _pids = pids;
        Count = groups;
    }

    /// <summary>How many different inodes there are.</summary>
    internal int Count { get; }

    /// <summary>The inodes, ascending.</summary>
    internal ReadOnlySpan<ulong> Inodes => _inodes.AsSpan(0, Count);

    /// <summary>The processes of the inode at a place in <see cref="Inodes"/>, ascending; at least one.</summary>
    internal ReadOnlySpan<int> At(int place) => _pids.AsSpan(_starts[place], _starts[place + 1] - _starts[place]);

    /// <summary>The processes of an inode, ascending; empty where it is not there.</summary>
    internal ReadOnlySpan<int> Of(ulong inode)
    {
        int place = Inodes.BinarySearch(inode);
        return place < 0 ? default : At(place);
    }

    /// <summary>Sorts by inode, then by process: least significant digit first, which keeps the order of equals.</summary>
    private static void Sort(ref ulong[] inodes, ref int[] pids, int count)
    {
        if (IsSorted(inodes, pids, count))
        {
            return;
        }

        ulong[] otherInodes = new ulong[inodes.Length];
        int[] otherPids = new int[pids.Length];
        Span<int> places = stackalloc int[256];
        for (int digit = 0; digit < 12; digit++)
        {
            bool ofPid = digit < 4;
            int shift = 8 * (ofPid ? digit : digit - 4);
            places.Clear();
            for (int at = 0; at < count; at++)
            {
                places[(byte)((ofPid ? (uint)pids[at] : inodes[at]) >> shift)]++;
            }

            // Most digits of real inodes and process ids are the same everywhere.
            if (places[(byte)((ofPid ? (uint)pids[0] : inodes[0]) >> shift)] == count)
            {
                continue;
            }

            int place = 0;
            foreach (ref int start in places)
            {
                (start, place) = (place, place + start);
            }

            for (int at = 0; at < count; at++)
            {
                int to = places[(byte)((ofPid ? (uint)pids[at] : inodes[at]) >> shift)]++;
                otherInodes[to] = inodes[at];
                otherPids[to] = pids[at];
            }

            (inodes, otherInodes) = (otherInodes, inodes);
            (pids, otherPids) = (otherPids, pids);
        }
    }

    private static bool IsSorted(ulong[] inodes, int[] pids, int count)
    {
        for (int at = 1; at < count; at++)
        {
            if (inodes[at] < inodes[at - 1] || (inodes[at] == inodes[at - 1] && pids[at] < pids[at - 1]))
            {
                return false;
            }
        }

        return true;
    }
}
