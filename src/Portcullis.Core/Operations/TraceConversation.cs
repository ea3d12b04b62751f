using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Operations;

/// <summary>
/// Runs one connection of our own over a door for packets: handshake, perhaps a request, what the peer says until it says no more,
/// and the end. Keeps every packet, up to limits that are told as gaps.
/// </summary>
internal sealed class TraceConversation
{
    private const int MostPackets = 20_000;
    private const int MostBytes = 1 << 24; // a packet that the kernel has joined of several has up to 64 KB
    private const byte Hops = 64;
    private static readonly TimeSpan PatienceForEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30); // since the connection stood

    private readonly IPacketDoor _door;
    private readonly TraceRequest _request;
    private readonly TcpConnection _tcp;
    private readonly List<CapturedPacket> _captured = [];
    private readonly List<Gap> _gaps = [];
    private readonly ImmutableArray<byte>.Builder _data = ImmutableArray.CreateBuilder<byte>();
    private readonly byte[] _packet = new byte[65_535];
    private readonly int _header;
    private TimeSpan? _deadline; // until then we wait for data and receipts, and once we have closed for the peer's end
    private TimeSpan? _stoodAt;
    private ushort _identification;
    private bool _hasClosed;
    private bool _isEndedByPeer;
    private int _written;
    private int _received;
    private int _capturedBytes;
    private (int Received, int Waiting) _progress; // when we last looked

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

    /// <summary>What was not seen of it.</summary>
    internal ImmutableArray<Gap> Gaps => [.. _gaps];

    /// <summary>What became of it, by the door's clock.</summary>
    internal TraceOutcome Outcome => new() { HasStood = _tcp.HasStood, Ending = _tcp.Ending, IsEndedByPeer = _isEndedByPeer, Received = _received, EndedAt = _door.Now };

    /// <summary>Whether it was cancelled before it was over.</summary>
    internal bool WasInterrupted { get; private set; }

    /// <exception cref="ProbeException">Not even the first packet can be sent.</exception>
    internal void Run(CancellationToken cancellation)
    {
        _tcp.Open(_door.Now);
        try
        {
            while (Step(cancellation))
            {
            }
        }
        catch (ProbeException broken) when (_captured.Count > 0)
        {
            Miss(broken.Message);
        }

        Listen();
    }

    /// <summary>One round; tells whether there is another.</summary>
    private bool Step(CancellationToken cancellation)
    {
        TimeSpan now = _door.Now;
        _tcp.Elapse(now);
        Listen();
        if (!_tcp.IsOver)
        {
            WasInterrupted = cancellation.IsCancellationRequested;
            KeepLimits(now);
        }

        Converse(now);
        Emit();

        // Not longer than a moment at once, so that a cancellation is heard.
        return !_tcp.IsOver && !Hear(Earlier(Earlier(_tcp.WakeAt, _deadline), now + TimeSpan.FromMilliseconds(100)));
    }

    /// <summary>Takes what the peer has said, also where it has reset the connection since.</summary>
    private void Listen()
    {
        Span<byte> room = stackalloc byte[4096];
        for (int length; (length = _tcp.Read(room)) > 0;)
        {
            _received += length;
            _data.AddRange(room[..Math.Min(length, TraceReport.MostData - _data.Count)]);
        }

        _isEndedByPeer |= !_hasClosed && (_tcp.Phase == TcpPhase.CloseWait || _tcp.Ending == TcpEnding.ResetByPeer);
    }

    /// <summary>Gives up what goes on for too long.</summary>
    private void KeepLimits(TimeSpan now)
    {
        string? why = WasInterrupted ? "interrupted"
            : _captured.Count >= MostPackets || _capturedBytes >= MostBytes ? "too many packets came: no more are kept"
            : now - _stoodAt >= MostTime ? string.Create(CultureInfo.InvariantCulture, $"it went on after {MostTime.TotalSeconds} s")
            : null;
        if (why is not null)
        {
            Miss(why);
            _tcp.Abort();
        }
    }

    private void Miss(string why) => _gaps.Add(new Gap("the rest of the connection", why, null));

    /// <summary>What is to be said now.</summary>
    private void Converse(TimeSpan now)
    {
        if (!_tcp.HasStood || _tcp.IsOver)
        {
            return;
        }

        _stoodAt ??= now;
        _written += _tcp.Write(_request.Request.AsSpan()[_written..]);
        int waiting = _request.Request.Length - _written + _tcp.Unsent;
        if (_hasClosed)
        {
            if (now >= _deadline)
            {
                _tcp.Abort(); // the peer does not end: so we do
            }

            return;
        }

        if (_deadline is null || _progress != (_received, waiting))
        {
            _deadline = now + _request.Patience;
            _progress = (_received, waiting);
        }

        bool isLate = now >= _deadline;
        bool isFull = _data.Count >= TraceReport.MostData;
        if (isLate || isFull || (_tcp.IsReadToEnd && _written == _request.Request.Length))
        {
            Close(now, isLate ? waiting : 0, isFull);
        }
    }

    /// <summary>Has no more to say; what is missing then is told.</summary>
    private void Close(TimeSpan now, int waiting, bool isFull)
    {
        if (waiting > 0)
        {
            _gaps.Add(new Gap(string.Create(CultureInfo.InvariantCulture, $"what becomes of the last {waiting} bytes of the request"), $"no receipt came for them in {TraceJudgement.Time(_request.Patience)}", null));
        }

        if (isFull)
        {
            _gaps.Add(new Gap(string.Create(CultureInfo.InvariantCulture, $"what it sends after {TraceReport.MostData:N0} bytes"), "no more is kept", null));
        }

        _hasClosed = true;
        _tcp.Close();
        _deadline = now + PatienceForEnd;
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
            TimeSpan at = _door.Now;
            _door.Send(packet);
            Keep(new CapturedPacket(at, true, [.. packet]));
        }
    }

    /// <summary>Waits for a packet; tells whether it makes further waiting useless.</summary>
    private bool Hear(TimeSpan until)
    {
        bool isRefused = false;
        for (int most = 64; most > 0 && _door.Receive(_packet, until, out ReceivedPacket received); most--)
        {
            ReadOnlySpan<byte> packet = _packet.AsSpan(0, received.Length);
            bool isOurs = _tcp.Arrive(packet, received.At, received.IsIntact, out bool isTaken);
            IcmpQuote? quote = isOurs ? null : IcmpQuote.Read(packet, _tcp.Flow);
            bool isCredible = quote is not null && _tcp.IsOnTheWay(quote.Sequence);
            if (isOurs || quote is not null)
            {
                Keep(new CapturedPacket(received.At, false, [.. packet], isTaken || isCredible));
            }

            if (isCredible)
            {
                isRefused |= _tcp.Phase == TcpPhase.SynSent && quote!.IsUnreachable;
                _tcp.ShrinkSegments(quote!.LongestPacket is int longest ? longest - _header - TcpSegment.LeastHeader : int.MaxValue);
            }

            until = TimeSpan.Zero;
        }

        return isRefused;
    }

    /// <summary>Keeps it by its time: what was heard meanwhile is read only after the next was sent.</summary>
    private void Keep(CapturedPacket packet)
    {
        int at = _captured.Count;
        while (at > 0 && _captured[at - 1].At > packet.At)
        {
            at--;
        }

        _captured.Insert(at, packet);
        _capturedBytes += packet.Bytes.Length;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one is TimeSpan known && known < other ? known : other;

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is TimeSpan known ? other is TimeSpan second && second < known ? second : known : other;
}
