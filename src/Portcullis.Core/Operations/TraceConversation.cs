using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Operations;

/// <summary>
/// Runs one connection of our own over a door for packets: handshake, perhaps a request, what the peer says until it says no more,
/// and the end. Keeps every packet.
/// </summary>
internal sealed class TraceConversation
{
    private const int MostData = 65_536;
    private const int MostPackets = 20_000;
    private const byte Hops = 64;
    private static readonly TimeSpan PatienceForEnd = TimeSpan.FromSeconds(2);

    private readonly IPacketDoor _door;
    private readonly TraceRequest _request;
    private readonly TcpConnection _tcp;
    private readonly List<CapturedPacket> _captured = [];
    private readonly ImmutableArray<byte>.Builder _data = ImmutableArray.CreateBuilder<byte>();
    private readonly byte[] _packet = new byte[65_535];
    private readonly int _header;
    private TimeSpan? _deadline; // until then we wait for data, and once we have closed for the peer's end
    private ushort _identification;
    private bool _hasClosed;
    private int _written;

    internal TraceConversation(IPacketDoor door, TcpFlow flow, TraceRequest request)
    {
        _door = door;
        _request = request;
        _header = flow.Source.Version == IpVersion.V4 ? Ipv4Packet.LeastHeader : Ipv6Packet.HeaderLength;
        SequenceNumber initial = InitialSequence.Of(flow, request.Secret, TimeSpan.FromTicks(door.OpenedAt.Ticks));
        _identification = (ushort)(initial.Value >> 16);
        _tcp = new TcpConnection(flow, initial, new TcpSettings { SegmentSize = door.LongestPacket - _header - TcpSegment.LeastHeader, SynTries = request.Tries });
    }

    /// <summary>The packets, by time.</summary>
    internal IReadOnlyList<CapturedPacket> Captured => _captured;

    /// <summary>What the peer sent.</summary>
    internal ImmutableArray<byte> Data => _data.ToImmutable();

    /// <summary>Whether an answer was waited for to the end.</summary>
    internal bool HasGivenUp { get; private set; }

    /// <summary>When it ended.</summary>
    internal TimeSpan Ended { get; private set; }

    internal void Run(CancellationToken cancellation)
    {
        _tcp.Open(_door.Now);
        bool isRefused = false;
        while (!isRefused && _captured.Count < MostPackets)
        {
            TimeSpan now = _door.Now;
            _tcp.Elapse(now);
            if (cancellation.IsCancellationRequested)
            {
                _tcp.Abort();
            }

            Converse(now);
            Emit();
            if (_tcp.IsOver)
            {
                break;
            }

            // Not longer than a moment at once, so that a cancellation is heard.
            TimeSpan until = Earlier(Earlier(_tcp.WakeAt, _deadline), now + TimeSpan.FromMilliseconds(100));
            isRefused = Hear(until);
        }

        HasGivenUp = _tcp.Ending == TcpEnding.TimedOut;
        Ended = _door.Now;
    }

    /// <summary>What is to be said and heard now.</summary>
    private void Converse(TimeSpan now)
    {
        if (_tcp.Phase is TcpPhase.Closed or TcpPhase.SynSent or TcpPhase.SynReceived)
        {
            return;
        }

        if (_written < _request.Request.Length)
        {
            _written += _tcp.Write(_request.Request.AsSpan()[_written..]);
        }

        int before = _data.Count;
        Span<byte> room = stackalloc byte[4096];
        for (int length; (length = _tcp.Read(room)) > 0;)
        {
            _data.AddRange(room[..Math.Min(length, MostData - _data.Count)]);
        }

        if (!_hasClosed && (_deadline is null || _data.Count > before))
        {
            _deadline = now + _request.Patience;
        }

        if (now >= _deadline || _tcp.IsReadToEnd || _data.Count >= MostData)
        {
            if (_hasClosed && now >= _deadline)
            {
                _tcp.Abort(); // the peer does not end: so we do
            }
            else if (!_hasClosed)
            {
                _hasClosed = true;
                _tcp.Close();
                _deadline = now + PatienceForEnd;
            }
        }
    }

    private void Emit()
    {
        while (_tcp.TryEmit(_door.Now, _packet.AsSpan(_header), out int length))
        {
            TcpFlow flow = _tcp.Flow;
            if (flow.Source.Version == IpVersion.V4)
            {
                new Ipv4Header { Identification = _identification++, DontFragment = true, TimeToLive = Hops, Protocol = TcpSegment.Number, Source = flow.Source, Destination = flow.Destination }.Write(_packet, length);
            }
            else
            {
                new Ipv6Header { NextHeader = TcpSegment.Number, HopLimit = Hops, Source = flow.Source, Destination = flow.Destination }.Write(_packet, length);
            }

            ReadOnlySpan<byte> packet = _packet.AsSpan(0, _header + length);
            _captured.Add(new CapturedPacket(_door.Now, true, [.. packet]));
            _door.Send(packet);
        }
    }

    /// <summary>Waits for a packet; tells whether it makes further waiting useless.</summary>
    private bool Hear(TimeSpan until)
    {
        bool isRefused = false;
        for (int most = 64; most > 0 && _door.Receive(_packet, until, out ReceivedPacket received); most--)
        {
            ReadOnlySpan<byte> packet = _packet.AsSpan(0, received.Length);
            bool isOurs = _tcp.Arrive(packet, received.At, received.IsIntact);
            IcmpQuote? quote = isOurs ? null : IcmpQuote.Read(packet, _tcp.Flow);
            if (isOurs || quote is not null)
            {
                _captured.Add(new CapturedPacket(received.At, false, [.. packet]));
            }

            if (quote is not null && _tcp.IsOnTheWay(quote.Sequence))
            {
                isRefused |= _tcp.Phase == TcpPhase.SynSent && quote.IsUnreachable;
                _tcp.ShrinkSegments(quote.LongestPacket is int longest ? longest - _header - TcpSegment.LeastHeader : int.MaxValue);
            }

            until = TimeSpan.Zero;
        }

        return isRefused;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one is TimeSpan known && known < other ? known : other;

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is TimeSpan known ? other is TimeSpan second && second < known ? second : known : other;
}
