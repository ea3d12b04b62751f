using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Portcullis.Os.Linux.Packets;

namespace Portcullis.Os.Linux.Peers;

/// <summary>Sees openings of TCP connections come in, by a ring of packets that is emptied on a thread of its own.</summary>
internal sealed class Arrivals : IArrivals
{
    private const int MostPairs = 1_024; // of source and destination; whoever sends from more addresses is no peer of ours
    private const int DrainAtOnce = 4_096;
    private const long Patience = 20_000; // µs: what is on its way when somebody asks

    private readonly PacketRing _ring;
    private readonly Dictionary<(IpAddress Source, IpAddress Destination), Pair> _pairs = [];
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private bool _hasLost;
    private volatile bool _isOver;

    private Arrivals(PacketRing ring)
    {
        _ring = ring;
        _thread = new Thread(Listen) { IsBackground = true, Name = "arrivals" };
        _thread.Start();
    }

    /// <summary>One source's openings to one destination.</summary>
    private sealed class Pair
    {
        internal PortSet Ports { get; } = new();

        internal int Interface { get; set; }
    }

    /// <summary>Begins.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static Arrivals Open(IpVersion version) => new(PacketRing.Open(version, OpeningFilter.For(version)));

    /// <inheritdoc/>
    public ImmutableArray<ArrivedPackets> Seen()
    {
        Thread.Sleep(TimeSpan.FromMicroseconds(Patience * 2));
        ImmutableArray<ArrivedPackets>.Builder all = ImmutableArray.CreateBuilder<ArrivedPackets>();
        lock (_lock)
        {
            _hasLost |= _ring.Lost() > 0;
            foreach (((IpAddress source, IpAddress destination), Pair pair) in _pairs)
            {
                all.Add(new ArrivedPackets(source, destination, pair.Interface, pair.Ports.InOrder(), !_hasLost));
            }
        }

        all.Sort(static (left, right) => IpAddress.Compare(left.Source, right.Source) is int bySource and not 0 ? bySource : IpAddress.Compare(left.Destination, right.Destination));
        return all.ToImmutable();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _ring.Dispose();
    }

    private void Listen()
    {
        PacketRing.Handler handler = Take;
        while (!_isOver)
        {
            int count;
            lock (_lock)
            {
                count = _ring.Drain(DrainAtOnce, handler);
            }

            if (count == 0)
            {
                _ring.Wait(Patience);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, long stamp, bool isChecked, int entrance)
    {
        if (IpPacket.Read(bytes, out IpPacket packet, isQuoted: true) != PacketFault.None || TcpSegment.Read(packet.Payload, out TcpSegment segment) != PacketFault.None)
        {
            return;
        }

        if (!_pairs.TryGetValue((packet.Source, packet.Destination), out Pair? pair))
        {
            if (_pairs.Count == MostPairs)
            {
                _hasLost = true;
                return;
            }

            _pairs[(packet.Source, packet.Destination)] = pair = new Pair();
        }

        // The last one counts: what comes in by a port of a bridge comes in by the bridge next.
        pair.Interface = entrance;
        pair.Ports.Add(segment.DestinationPort);
    }
}
