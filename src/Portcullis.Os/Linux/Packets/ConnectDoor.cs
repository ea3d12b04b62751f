using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Probes by connections of the kernel's, for whom nothing else is allowed: many at once, each ended by a reset as soon as it is made.
/// A socket that was refused is used again, which saves most of the calls.
/// </summary>
internal sealed unsafe class ConnectDoor : IProbeDoor
{
    private const int MostSockets = 16_000;
    private const int Reserve = 16; // descriptors that the rest of the process may need
    private const int EventsAtOnce = 512;

    /// <summary>sizeof(struct epoll_event): packed on x86-64 alone (linux/eventpoll.h).</summary>
    private static readonly int s_eventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly IpAddress _target;
    private readonly Route _route;
    private readonly Bait? _bait;
    private readonly int _epoll;
    private readonly byte* _events;
    private readonly byte[] _address;
    private readonly ConnectBatch _batch;
    private readonly int[] _begun = new int[Batch.Most]; // the slots of the batch
    private readonly int[] _descriptors;
    private readonly Probe?[] _probes;
    private readonly Stack<int> _free = new();
    private readonly Stack<int> _empty = new(); // slots without a socket, since there was none to be had
    private readonly Queue<(int Slot, Probe Probe)> _order = new();
    private readonly List<ProbeAnswer> _answers = [];
    private SendLane? _lane;
    private int _made;

    private ConnectDoor(IpAddress target, Route route, Bait? bait, int capacity, int epoll)
    {
        _target = target;
        _route = route;
        _bait = bait;
        Capacity = capacity;
        _descriptors = new int[capacity];
        _probes = new Probe?[capacity];
        _epoll = epoll;
        _events = (byte*)NativeMemory.Alloc((nuint)(EventsAtOnce * s_eventLength));
        Span<byte> address = stackalloc byte[SocketAddress.Longest];
        _address = address[..SocketAddress.Write(address, target, 0, route.Interface)].ToArray();
        _batch = new ConnectBatch(_address);
    }

    /// <inheritdoc/>
    public long Now => Clock.Now;

    /// <inheritdoc/>
    public bool IsLocal => _route.IsLocal;

    /// <inheritdoc/>
    public bool IsOnLink => _route.IsOnLink;

    /// <inheritdoc/>
    public IpAddress Source => _route.Source;

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public ushort? Canary => _bait?.Port;

    /// <summary>Opens one.</summary>
    /// <param name="target">The target.</param>
    /// <param name="route">The way there.</param>
    /// <param name="asked">The ports that are asked; where the target is this machine, we listen beside them.</param>
    /// <exception cref="ProbeException">Nobody answers for it.</exception>
    internal static ConnectDoor Open(IpAddress target, Route route, ImmutableArray<ushort> asked)
    {
        if (!route.IsLocal)
        {
            _ = route.Neighbour(target); // until the kernel knows that there is none, connections to it seem to be met by silence
        }

        int capacity = Math.Min(OpenFiles.Room() - Reserve, MostSockets);
        int epoll = capacity > 0 ? LibcPackets.epoll_create1(LibcPackets.EPOLL_CLOEXEC) : -1;
        return epoll >= 0
            ? new ConnectDoor(target, route, route.IsLocal ? new Bait(target, route.Interface, asked) : null, capacity, epoll)
            : throw (capacity > 0 ? new ProbeException($"many connections at once are refused: {Errno.Text(Errno.Last)}") : OpenFiles.TooFew());
    }

    /// <inheritdoc/>
    public void CloseCanary() => _bait?.Dispose();

    /// <inheritdoc/>
    public bool IsVouchedFor() => _route.IsVouchedFor(_target);

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<Probe> probes)
    {
        bool isFull = false;
        foreach (Probe probe in probes)
        {
            int slot = Slot();
            if (slot < 0)
            {
                isFull = true;
                continue; // counts as lost, and is asked again
            }

            _probes[slot] = probe;
            _begun[_batch.Count] = slot;
            _batch.Add(_descriptors[slot], probe.Port);
            if (_batch.Count == Batch.Most)
            {
                Connect();
            }
        }

        Connect();
        return isFull;
    }

    /// <inheritdoc/>
    public int Receive(Span<ProbeAnswer> answers, long until)
    {
        while (_answers.Count == 0)
        {
            int count = LibcPackets.epoll_wait(_epoll, _events, EventsAtOnce, 0);
            if (count < 0 && Errno.Last != Errno.EINTR)
            {
                throw new ProbeException($"the kernel does not tell of connections: {Errno.Text(Errno.Last)}");
            }

            for (int at = 0; at < count; at++)
            {
                byte* happening = _events + (at * s_eventLength);
                Handle(*(int*)(happening + s_eventLength - 8), *(uint*)happening);
            }

            long left = until - Now;
            if (count <= 0 && left <= 0)
            {
                return 0;
            }

            if (count <= 0)
            {
                // epoll_wait(2) counts in milliseconds; of its own descriptor ppoll(2) can tell to the microsecond.
                LibcPackets.PollDescriptor descriptor = new() { Descriptor = _epoll, Events = LibcPackets.POLLIN };
                LibcPackets.Time time = new() { Seconds = left / 1_000_000, Nanoseconds = left % 1_000_000 * 1_000 };
                _ = LibcPackets.ppoll(&descriptor, 1, &time, null);
            }
        }

        int given = Math.Min(answers.Length, _answers.Count);
        CollectionsMarshal.AsSpan(_answers)[..given].CopyTo(answers);
        _answers.RemoveRange(0, given);
        return given;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lane?.Dispose();
        for (int slot = 0; slot < _made; slot++)
        {
            Close(slot);
        }

        _ = Libc.close(_epoll);
        NativeMemory.Free(_events);
        _bait?.Dispose();
    }

    /// <summary>A place for a connection: a socket that was refused, a new one, or that of the oldest probe, which is given up.</summary>
    private int Slot()
    {
        if (_free.TryPop(out int slot))
        {
            return slot;
        }

        int vacant = _empty.TryPop(out slot) ? slot : _made < Capacity ? _made++ : -1;
        if (vacant >= 0)
        {
            if (TryMake(vacant))
            {
                return vacant;
            }

            _empty.Push(vacant);
        }

        Connect(); // else all there are may wait in the batch
        if (_free.TryPop(out slot))
        {
            return slot;
        }

        while (_order.TryDequeue(out (int Slot, Probe Probe) oldest))
        {
            if (_probes[oldest.Slot] == oldest.Probe)
            {
                Close(oldest.Slot);
                if (TryMake(oldest.Slot))
                {
                    return oldest.Slot;
                }

                _empty.Push(oldest.Slot);
                return -1;
            }
        }

        throw OpenFiles.TooFew(); // not one to be had
    }

    private bool TryMake(int slot)
    {
        bool isV4 = _target.Version == IpVersion.V4;
        int descriptor = LibcSockets.socket(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_STREAM | LibcPackets.SOCK_NONBLOCK | LibcSockets.SOCK_CLOEXEC, 0);
        _descriptors[slot] = descriptor;
        _probes[slot] = null;
        if (descriptor < 0)
        {
            return false;
        }

        int yes = 1;
        long linger = 1; // struct linger: on, no seconds: close sends a reset, and nothing of the connection stays
        _ = LibcSockets.setsockopt(descriptor, isV4 ? LibcSockets.IPPROTO_IP : LibcSockets.IPPROTO_IPV6, isV4 ? LibcPackets.IP_RECVERR : LibcPackets.IPV6_RECVERR, &yes, sizeof(int));
        _ = LibcSockets.setsockopt(descriptor, LibcSockets.SOL_SOCKET, LibcPackets.SO_LINGER, &linger, sizeof(long));
        byte* happening = stackalloc byte[16];
        *(uint*)happening = LibcPackets.EPOLLOUT | LibcPackets.EPOLLERR | LibcPackets.EPOLLET;
        *(long*)(happening + s_eventLength - 8) = slot;
        if (LibcPackets.epoll_ctl(_epoll, LibcPackets.EPOLL_CTL_ADD, descriptor, happening) == 0)
        {
            return true;
        }

        Close(slot);
        return false;
    }

    /// <summary>Begins the connections of the batch, by two threads where that is worth it; nothing else is done meanwhile.</summary>
    private void Connect()
    {
        if (_batch.Count >= SendLane.Worthwhile && Environment.ProcessorCount > 1)
        {
            _lane ??= new SendLane();
            _lane.Begin(_batch);
            _lane.Finish();
        }
        else
        {
            _batch.SendRest();
        }

        int count = _batch.Count;
        _batch.Clear();
        for (int at = 0; at < count; at++)
        {
            int slot = _begun[at];
            if (_batch.Error(at) == Errno.EINPROGRESS)
            {
                _order.Enqueue((slot, _probes[slot]!.Value));
            }
            else
            {
                Done(slot, _batch.Error(at));
            }
        }
    }

    private void Handle(int slot, uint happened)
    {
        if (_probes[slot] is null)
        {
            return;
        }

        // Asked again, a connection that failed tells why, and its socket is as new (inet_stream_connect, net/ipv4/af_inet.c).
        bool hasFailed = (happened & (LibcPackets.EPOLLERR | LibcPackets.EPOLLHUP)) != 0;
        Done(slot, hasFailed ? ErrorOf(_descriptors[slot]) : 0);
    }

    private int ErrorOf(int descriptor)
    {
        fixed (byte* address = _address)
        {
            return LibcPackets.connect(descriptor, address, (uint)_address.Length) == 0 ? 0 : Errno.Last;
        }
    }

    private void Done(int slot, int error)
    {
        Probe probe = _probes[slot] ?? throw new UnreachableException();
        _probes[slot] = null;
        (PortState State, IpAddress By)? answer = error switch
        {
            // A connection that was reset as soon as it was made was made.
            0 or Errno.ECONNRESET => (PortState.Open, _target),
            Errno.ECONNREFUSED => Refusal(slot) ?? (PortState.Closed, _target),
            Errno.ETIMEDOUT => null,
            Errno.EADDRNOTAVAIL => throw new ProbeException("this machine has no free ports to connect from"),
            _ => Refusal(slot) ?? (PortState.Unknown, _route.Source),
        };
        if (answer is var (state, by))
        {
            _answers.Add(new ProbeAnswer(probe, state, Now, 0, by));
        }

        if (error == Errno.ECONNREFUSED)
        {
            _free.Push(slot);
            return;
        }

        Close(slot);
        (TryMake(slot) ? _free : _empty).Push(slot);
    }

    /// <summary>What an ICMP message said, and who sent it (IP_RECVERR, ip(7)); null where none came.</summary>
    private (PortState State, IpAddress By)? Refusal(int slot)
    {
        return ErrorQueue.Take(_descriptors[slot], out SocketError error)
            ? (error.IsRefusal || error.By == _target ? PortState.Rejected : PortState.Unknown, error.By)
            : null;
    }

    private void Close(int slot)
    {
        _probes[slot] = null;
        if (_descriptors[slot] >= 0)
        {
            _ = Libc.close(_descriptors[slot]);
            _descriptors[slot] = -1;
        }
    }
}
