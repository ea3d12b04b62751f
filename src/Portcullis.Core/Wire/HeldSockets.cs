using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Portcullis.Core.Wire;

/// <summary>What records tell of sockets beyond their holders, while it is gathered: their namespaces, and SO_REUSEPORT.</summary>
internal sealed class HeldSockets
{
    // A few are enough to outlive one that is closed meanwhile.
    private const int EachNamespace = 3;

    // By halving, not by hash: somebody may have chosen the inodes.
    private readonly SortedDictionary<ulong, List<HeldSocket>> _byNamespace = [];
    private readonly List<ulong> _shared = [];
    private readonly List<ulong> _unknown = [];
    private ulong _last;
    private List<HeldSocket> _lastList = [];

    /// <summary>Takes in a record of a socket; gives it as one that tells the holder alone.</summary>
    internal HolderRecord Add(HolderRecord record)
    {
        if (record.Kind == HolderRecordKind.Socket)
        {
            _unknown.Add(record.Value);
            return record;
        }

        ulong inode = (uint)record.Value;
        ulong network = record.Value >> 32;
        if (record.Kind == HolderRecordKind.SharedSocketIn)
        {
            _shared.Add(inode);
        }

        // Most sockets live where the one before did.
        if (network != _last)
        {
            _last = network;
            if (!_byNamespace.TryGetValue(network, out List<HeldSocket>? list))
            {
                _byNamespace[network] = list = [];
            }

            _lastList = list;
        }

        if (_lastList.Count < EachNamespace)
        {
            _lastList.Add(new HeldSocket(network, inode, record.Pid));
        }

        return new HolderRecord(HolderRecordKind.Socket, record.Pid, inode);
    }

    /// <summary>A few sockets of each namespace, by namespace.</summary>
    internal ImmutableArray<HeldSocket> ByNamespace()
    {
        ImmutableArray<HeldSocket>.Builder all = ImmutableArray.CreateBuilder<HeldSocket>();
        foreach (List<HeldSocket> some in _byNamespace.Values)
        {
            all.AddRange(some);
        }

        return all.ToImmutable();
    }

    /// <summary>The sockets on which SO_REUSEPORT is set, ascending, doubles possible.</summary>
    internal ulong[] Shared() => Sorted(_shared);

    /// <summary>The sockets of which it is not known, ascending, doubles possible.</summary>
    internal ulong[] Unknown() => Sorted(_unknown);

    private static ulong[] Sorted(List<ulong> inodes)
    {
        ulong[] sorted = [.. inodes];
        Array.Sort(sorted);
        return sorted;
    }
}
