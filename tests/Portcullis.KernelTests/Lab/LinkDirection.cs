using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.KernelTests.Lab;

/// <summary>Carries what one card sends to another, on a thread of its own, and does to it what it is told.</summary>
internal sealed class LinkDirection
{
    private const int Longest = 1600;
    private const int MostQueued = 50_000;
    private const int Batch = 64;
    private const int Ethernet = 14;
    private const long LongestWait = 50_000_000; // nanoseconds, so that the end is noticed

    private readonly TapDevice _from;
    private readonly TapDevice _to;
    private readonly Func<LinkFaults> _faults;
    private readonly Random _chance;
    private readonly PriorityQueue<(byte[] Room, int Length), (long Due, long Number)> _onTheWay = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly Thread _thread;
    private volatile bool _isOver;
    private long _number;
    private long _carried;
    private long _lost;

    /// <summary>Begins.</summary>
    /// <param name="from">Whose frames are carried.</param>
    /// <param name="to">Who gets them.</param>
    /// <param name="faults">What is done to each; asked anew for every frame.</param>
    /// <param name="seed">Chooses to which.</param>
    internal LinkDirection(TapDevice from, TapDevice to, Func<LinkFaults> faults, int seed)
    {
        _from = from;
        _to = to;
        _faults = faults;
        _chance = new Random(seed);
        _thread = new Thread(Carry) { IsBackground = true, Name = "relay" };
        _thread.Start();
    }

    /// <summary>How many frames came in.</summary>
    internal long Carried => Interlocked.Read(ref _carried);

    /// <summary>How many of them were lost.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>Ends it, and waits for that.</summary>
    internal void End()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Carry()
    {
        byte[] room = new byte[Longest];
        while (!_isOver)
        {
            Deliver();
            int taken = 0;
            for (int length; taken < Batch && (length = _from.Read(room)) > 0; taken++)
            {
                Take(room.AsSpan(0, length));
            }

            if (taken == 0)
            {
                _from.Wait(_onTheWay.TryPeek(out _, out (long Due, long Number) next)
                    ? Math.Clamp((next.Due - Stopwatch.GetTimestamp()) * 1_000_000_000 / Stopwatch.Frequency, 0, LongestWait)
                    : LongestWait);
            }
        }
    }

    private void Deliver()
    {
        long now = Stopwatch.GetTimestamp();
        while (_onTheWay.TryPeek(out (byte[] Room, int Length) frame, out (long Due, long Number) first) && first.Due <= now)
        {
            _onTheWay.Dequeue();
            _to.Write(frame.Room.AsSpan(0, frame.Length));
            _spare.Push(frame.Room);
        }
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        LinkFaults faults = _faults();
        Interlocked.Increment(ref _carried);
        for (int forged = 0; forged < faults.ForgedResets; forged++)
        {
            Forge(frame);
        }

        if (_chance.NextDouble() < faults.Loss || _onTheWay.Count >= MostQueued)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        for (int copies = _chance.NextDouble() < faults.Duplication ? 2 : 1; copies > 0; copies--)
        {
            byte[] room = Room();
            frame.CopyTo(room);
            if (frame.Length > Ethernet && _chance.NextDouble() < faults.Corruption)
            {
                room[_chance.Next(Ethernet, frame.Length)] ^= (byte)(1 << _chance.Next(8));
            }

            Queue(room, frame.Length, faults.Delay + (faults.Jitter * _chance.NextDouble()));
        }
    }

    /// <summary>A reset of the connection that a frame belongs to, as somebody forges it who sees neither side.</summary>
    private void Forge(ReadOnlySpan<byte> frame)
    {
        if (frame.Length <= Ethernet || frame[12] != 8 || frame[13] != 0 || Ipv4Packet.Read(frame[Ethernet..], out Ipv4Packet packet) != PacketFault.None
            || packet.Header.Protocol != TcpSegment.Number || TcpSegment.Read(packet.Payload, out TcpSegment segment) != PacketFault.None)
        {
            return;
        }

        byte[] forged = Room();
        frame[..Ethernet].CopyTo(forged);
        Ipv4Header header = packet.Header;
        TcpHeader reset = segment.Header with { Sequence = segment.Sequence + (uint)segment.SequenceLength + 40_000 + (uint)_chance.Next(20_000), Control = TcpControl.Rst };
        int length = reset.Write(forged.AsSpan(Ethernet + Ipv4Packet.LeastHeader), header.Source, header.Destination);
        length += header.Write(forged.AsSpan(Ethernet), length);
        Queue(forged, Ethernet + length, delay: 0);
    }

    private void Queue(byte[] room, int length, double delay) =>
        _onTheWay.Enqueue((room, length), (Stopwatch.GetTimestamp() + (long)(delay * Stopwatch.Frequency / 1000), _number++));

    private byte[] Room() => _spare.TryPop(out byte[]? old) ? old : new byte[Longest];
}
