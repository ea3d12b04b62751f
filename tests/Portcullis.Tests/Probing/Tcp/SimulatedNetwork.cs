using System;
using System.Collections.Generic;
using System.IO;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>Two connections of ours that ask each other at once, over a way that loses, delays, reorders, doubles and damages packets.</summary>
internal sealed class SimulatedNetwork
{
    internal static readonly TcpFlow Flow = new(IpAddress.Parse("192.0.2.1"), 40000, IpAddress.Parse("192.0.2.2"), 50000);

    private readonly Random _random;
    private readonly Impairment _impairment;
    private readonly PriorityQueue<(Side To, byte[] Packet), (TimeSpan At, int Order)> _onTheWay = new();
    private readonly byte[] _segment = new byte[65_536];
    private int _order;

    internal SimulatedNetwork(Impairment impairment, int seed, TcpSettings? settings = null, uint leftInitial = 1000, uint rightInitial = 2_000_000)
    {
        _impairment = impairment;
        _random = new Random(seed);
        Left = new Side(new TcpConnection(Flow, new SequenceNumber(leftInitial), settings ?? new TcpSettings()));
        Right = new Side(new TcpConnection(Flow.Reverse, new SequenceNumber(rightInitial), settings ?? new TcpSettings()));
        Left.Peer = Right;
        Right.Peer = Left;
    }

    internal Side Left { get; }

    internal Side Right { get; }

    internal TimeSpan Now { get; private set; }

    internal string State => $"{Left.Connection.Phase} {Left.Connection.Ending} {Right.Connection.Phase} {Right.Connection.Ending} after {Now}, {Sent} segments";

    internal int Sent { get; private set; }

    /// <summary>Sends everything both ways, closes, and lets the time pass until both are over or the limit is reached.</summary>
    internal void Run(TimeSpan limit)
    {
        Left.Connection.Open(Now);
        Right.Connection.Open(Now);
        while (Now < limit)
        {
            Pump(Left);
            Pump(Right);
            TimeSpan next = Least(Left.Connection.WakeAt, Right.Connection.WakeAt, _onTheWay.TryPeek(out _, out (TimeSpan At, int) first) ? first.At : null);
            if (next == TimeSpan.MaxValue)
            {
                return;
            }

            Now = next > Now ? next : Now;
            while (_onTheWay.TryPeek(out _, out first) && first.At <= Now)
            {
                (Side to, byte[] packet) = _onTheWay.Dequeue();
                to.Connection.Arrive(packet, Now);
            }

            Left.Connection.Elapse(Now);
            Right.Connection.Elapse(Now);
        }
    }

    private void Pump(Side side)
    {
        for (bool moved = true; moved;)
        {
            moved = false;
            if (side.Written < side.ToSend.Length)
            {
                side.Written += side.Connection.Write(side.ToSend.AsSpan(side.Written));
            }
            else
            {
                side.Connection.Close();
            }

            for (int length; (length = side.Connection.Read(_segment.AsSpan(0, side.ReadStep))) > 0;)
            {
                side.Received.Write(_segment.AsSpan(0, length));
            }

            while (side.Connection.TryEmit(Now, _segment, out int length))
            {
                moved = true;
                Carry(side, _segment.AsSpan(0, length));
            }
        }
    }

    private void Carry(Side from, ReadOnlySpan<byte> segment)
    {
        Sent++;
        TcpFlow flow = from.Connection.Flow;
        byte[] packet = new byte[20 + segment.Length];
        new Ipv4Header { TimeToLive = 64, Protocol = TcpSegment.Number, Source = flow.Source, Destination = flow.Destination }.Write(packet, segment.Length);
        segment.CopyTo(packet.AsSpan(20));
        for (int copy = _random.NextDouble() < _impairment.Duplication ? 2 : 1; copy > 0; copy--)
        {
            if (_random.NextDouble() < _impairment.Loss)
            {
                continue;
            }

            byte[] carried = packet;
            if (_random.NextDouble() < _impairment.Corruption)
            {
                carried = (byte[])packet.Clone();
                carried[20 + _random.Next(segment.Length)] ^= (byte)(1 << _random.Next(8)); // one bit, which the checksum always finds
            }

            _onTheWay.Enqueue((from.Peer!, carried), (Now + _impairment.Delay + (_impairment.Jitter * _random.NextDouble()), _order++));
        }
    }

    private static TimeSpan Least(params TimeSpan?[] times)
    {
        TimeSpan least = TimeSpan.MaxValue;
        foreach (TimeSpan? time in times)
        {
            least = time is TimeSpan known && known < least ? known : least;
        }

        return least;
    }

    internal sealed class Side(TcpConnection connection)
    {
        internal TcpConnection Connection { get; } = connection;

        internal Side? Peer { get; set; }

        internal byte[] ToSend { get; set; } = [];

        internal int Written { get; set; }

        /// <summary>How much is read at once.</summary>
        internal int ReadStep { get; set; } = 65_536;

        internal MemoryStream Received { get; } = new();
    }
}
