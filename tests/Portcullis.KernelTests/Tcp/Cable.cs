using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.KernelTests.Tcp;

/// <summary>What lies between two cards: it loses, delays, reorders, doubles and damages packets as it is told.</summary>
internal sealed class Cable : IDisposable
{
    private readonly TapDevice _left;
    private readonly TapDevice _right;
    private readonly Fault _fault;
    private readonly Random _random;
    private readonly PriorityQueue<(TapDevice To, byte[] Frame), (long At, int Order)> _onTheWay = new();
    private readonly Lock _gate = new();
    private readonly Thread[] _threads;
    private volatile bool _isDone;
    private int _order;

    internal Cable(TapDevice left, TapDevice right, Fault fault, int seed)
    {
        _left = left;
        _right = right;
        _fault = fault;
        _random = new Random(seed);
        _threads = [new Thread(() => Read(_left, _right)), new Thread(() => Read(_right, _left)), new Thread(Deliver)];
        foreach (Thread thread in _threads)
        {
            thread.IsBackground = true;
            thread.Start();
        }
    }

    /// <summary>How many TCP frames came in.</summary>
    internal int Carried { get; private set; }

    public void Dispose()
    {
        _isDone = true;
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Read(TapDevice from, TapDevice to)
    {
        byte[] room = new byte[2048];
        while (!_isDone)
        {
            int length = from.Read(room, 50);
            if (length < 34 || room[12] != 8 || room[13] != 0)
            {
                continue; // IPv4 only: there is nothing to ask for on this cable
            }

            lock (_gate)
            {
                Carried++;
                for (int forged = 0; forged < _fault.ForgedResets; forged++)
                {
                    _onTheWay.Enqueue((to, Forge(room.AsSpan(0, length))), (Stopwatch.GetTimestamp(), _order++));
                }

                for (int copies = _random.NextDouble() < _fault.Duplication ? 2 : 1; copies > 0; copies--)
                {
                    if (_random.NextDouble() < _fault.Loss)
                    {
                        continue;
                    }

                    byte[] frame = room[..length];
                    if (_random.NextDouble() < _fault.Corruption)
                    {
                        frame[34 + _random.Next(length - 34)] ^= (byte)(1 << _random.Next(8));
                    }

                    double wait = _fault.DelayMs + (_fault.JitterMs * _random.NextDouble());
                    _onTheWay.Enqueue((to, frame), (Stopwatch.GetTimestamp() + (long)(wait * Stopwatch.Frequency / 1000), _order++));
                }
            }
        }
    }

    /// <summary>A reset of the connection that a frame belongs to, as somebody forges it who sees neither side.</summary>
    private byte[] Forge(ReadOnlySpan<byte> frame)
    {
        byte[] forged = new byte[54];
        frame[..14].CopyTo(forged);
        _ = Ipv4Packet.Read(frame[14..], out Ipv4Packet packet);
        _ = TcpSegment.Read(packet.Payload, out TcpSegment segment);
        Ipv4Header header = packet.Header;
        TcpHeader reset = segment.Header with { Sequence = segment.Sequence + (uint)segment.SequenceLength + 40_000 + (uint)_random.Next(20_000), Control = TcpControl.Rst };
        header.Write(forged.AsSpan(14), reset.Write(forged.AsSpan(34), header.Source, header.Destination));
        return forged;
    }

    private void Deliver()
    {
        while (!_isDone)
        {
            bool isIdle = true;
            lock (_gate)
            {
                while (_onTheWay.TryPeek(out _, out (long At, int Order) first) && first.At <= Stopwatch.GetTimestamp())
                {
                    (TapDevice to, byte[] frame) = _onTheWay.Dequeue();
                    to.Write(frame);
                    isIdle = false;
                }
            }

            if (isIdle)
            {
                Thread.Sleep(1);
            }
        }
    }
}
