using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Wire;

/// <summary>Who holds what, looked up: the answer of a scan of holders, sorted and without doubles.</summary>
/// <remarks>Immutable; safe to read from several threads.</remarks>
public sealed class HolderIndex
{
    private readonly PidIndex _sockets;
    private readonly PidIndex _members;
    private readonly PidIndex _held;

    private readonly ulong[] _shared;
    private readonly ulong[] _unknown;

    private HolderIndex(PidIndex sockets, PidIndex members, PidIndex held, HeldSockets more)
    {
        _shared = more.Shared();
        _unknown = more.Unknown();
        SocketNamespaces = more.ByNamespace();

        _sockets = sockets;
        _members = members;
        _held = held;
    }

    /// <summary>How many different sockets are held.</summary>
    public int SocketCount => _sockets.Count;

    /// <summary>The network namespaces that processes are in, by inode, each with the lowest process id in it.</summary>
    public ImmutableArray<HolderRecord> Namespaces { get; private init; }

    /// <summary>The network namespaces that descriptors are open of, by inode, each with the lowest process id that holds one.</summary>
    public ImmutableArray<HolderRecord> HeldNamespaces { get; private init; }

    /// <summary>The network namespaces that held sockets live in, by inode, each with up to three such sockets.</summary>
    public ImmutableArray<HeldSocket> SocketNamespaces { get; }

    /// <summary>The processes with sockets whose namespaces could not be asked for, by process id.</summary>
    public ImmutableArray<HolderRecord> Unasked { get; private init; }

    /// <summary>
    /// What could not be seen (the kinds from <see cref="HolderRecordKind.DescriptorsUnreadable"/> to
    /// <see cref="HolderRecordKind.ProcessesHidden"/>), by kind and process id; empty where every holder was seen.
    /// </summary>
    public ImmutableArray<HolderRecord> Unseen { get; private init; }

    /// <summary>The processes whose descriptors could not be read, ascending.</summary>
    public ImmutableArray<int> Unreadable { get; private init; }

    /// <summary>The offset in bytes of the first broken record; null where the answer was whole.</summary>
    public int? BrokenAt { get; private init; }

    /// <summary>The processes that hold a descriptor of a socket, ascending.</summary>
    /// <param name="inode">The socket's inode in sockfs.</param>
    /// <returns>Empty where none was seen.</returns>
    public ReadOnlySpan<int> ForSocket(ulong inode) => _sockets.Of(inode);

    /// <summary>Whether SO_REUSEPORT is set on a socket; null where it is not known.</summary>
    /// <param name="inode">The socket's inode in sockfs.</param>
    public bool? SharesPort(ulong inode) =>
        Array.BinarySearch(_shared, inode) >= 0 ? true
        : ForSocket(inode).IsEmpty || Array.BinarySearch(_unknown, inode) >= 0 ? null
        : false;

    /// <summary>The processes in a network namespace, ascending.</summary>
    /// <param name="inode">The namespace's inode in nsfs.</param>
    /// <returns>Empty where none was seen.</returns>
    public ReadOnlySpan<int> InNamespace(ulong inode) => _members.Of(inode);

    /// <summary>The processes that hold a descriptor of a network namespace, ascending.</summary>
    /// <param name="inode">The namespace's inode in nsfs.</param>
    /// <returns>Empty where none was seen.</returns>
    public ReadOnlySpan<int> ForNamespace(ulong inode) => _held.Of(inode);

    /// <summary>Reads the answer of a scan.</summary>
    /// <param name="bytes">As <see cref="HolderRecords"/> describes them; may be anything.</param>
    public static HolderIndex Read(ReadOnlySpan<byte> bytes)
    {
        Span<int> counts = stackalloc int[(int)HolderRecordKind.SocketsUnasked + 1];
        HolderRecords records = new(bytes);
        while (records.MoveNext(out HolderRecord record))
        {
            counts[(int)record.Kind]++;
        }

        int brokenAt = records.BrokenAt;
        Pairs sockets = new(
            counts[(int)HolderRecordKind.Socket] + counts[(int)HolderRecordKind.SocketIn] + counts[(int)HolderRecordKind.SharedSocketIn]);
        Pairs members = new(counts[(int)HolderRecordKind.Namespace]);
        Pairs held = new(counts[(int)HolderRecordKind.HeldNamespace]);
        ImmutableArray<HolderRecord>.Builder unseen = ImmutableArray.CreateBuilder<HolderRecord>();
        ImmutableArray<HolderRecord>.Builder unasked = ImmutableArray.CreateBuilder<HolderRecord>();
        HeldSockets more = new();
        records = new(bytes);
        while (records.MoveNext(out HolderRecord record))
        {
            switch (record.Kind)
            {
                case HolderRecordKind.Socket or HolderRecordKind.SocketIn or HolderRecordKind.SharedSocketIn: sockets.Add(more.Add(record)); break;
                case HolderRecordKind.Namespace: members.Add(record); break;
                case HolderRecordKind.HeldNamespace: held.Add(record); break;
                case HolderRecordKind.SocketsUnasked: unasked.Add(record); break;
                default: unseen.Add(record); break;
            }
        }

        PidIndex memberIndex = members.Index();
        PidIndex heldIndex = held.Index();
        return new HolderIndex(sockets.Index(), memberIndex, heldIndex, more)
        {
            Namespaces = Lowest(memberIndex, HolderRecordKind.Namespace),
            HeldNamespaces = Lowest(heldIndex, HolderRecordKind.HeldNamespace),
            Unasked = Sorted(unasked),
            Unseen = Sorted(unseen),
            Unreadable = UnreadableOf(unseen),
            BrokenAt = brokenAt < 0 ? null : brokenAt,
        };
    }

    private static ImmutableArray<HolderRecord> Lowest(PidIndex index, HolderRecordKind kind)
    {
        ImmutableArray<HolderRecord>.Builder lowest = ImmutableArray.CreateBuilder<HolderRecord>(index.Count);
        for (int place = 0; place < index.Count; place++)
        {
            lowest.Add(new HolderRecord(kind, index.At(place)[0], index.Inodes[place]));
        }

        return lowest.MoveToImmutable();
    }

    private static ImmutableArray<HolderRecord> Sorted(ImmutableArray<HolderRecord>.Builder unseen)
    {
        unseen.Sort(static (left, right) =>
        {
            int byKind = left.Kind.CompareTo(right.Kind);
            int byPid = byKind != 0 ? byKind : left.Pid.CompareTo(right.Pid);
            return byPid != 0 ? byPid : left.Value.CompareTo(right.Value);
        });
        ImmutableArray<HolderRecord>.Builder once = ImmutableArray.CreateBuilder<HolderRecord>(unseen.Count);
        foreach (HolderRecord record in unseen)
        {
            if (once.Count == 0 || once[^1] != record)
            {
                once.Add(record);
            }
        }

        return once.ToImmutable();
    }

    /// <summary>Of records sorted by kind and process.</summary>
    private static ImmutableArray<int> UnreadableOf(ImmutableArray<HolderRecord>.Builder unseen)
    {
        ImmutableArray<int>.Builder pids = ImmutableArray.CreateBuilder<int>();
        foreach (HolderRecord record in unseen)
        {
            if (record.Kind == HolderRecordKind.DescriptorsUnreadable && (pids.Count == 0 || pids[^1] != record.Pid))
            {
                pids.Add(record.Pid);
            }
        }

        return pids.ToImmutable();
    }

    /// <summary>The two arrays of an index while they fill.</summary>
    private struct Pairs(int capacity)
    {
        private readonly ulong[] _inodes = new ulong[capacity];
        private readonly int[] _pids = new int[capacity];
        private int _count;

        internal void Add(HolderRecord record)
        {
            _inodes[_count] = record.Value;
            _pids[_count++] = record.Pid;
        }

        internal readonly PidIndex Index() => new(_inodes, _pids, _count);
    }
}
