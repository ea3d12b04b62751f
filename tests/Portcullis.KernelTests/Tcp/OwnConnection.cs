using System;
using System.IO;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.KernelTests.Tcp;

/// <summary>Runs our TCP over a door for packets: sends all, closes, and reads to the end.</summary>
internal sealed class OwnConnection
{
    private readonly IPacketDoor _door;
    private readonly byte[] _room = new byte[65_535];

    internal OwnConnection(IPacketDoor door, IpAddress target, ushort port, TcpSettings settings)
    {
        _door = door;
        Tcp = new TcpConnection(new TcpFlow(door.Source, door.SourcePort, target, port), new SequenceNumber(uint.MaxValue - 10_000), settings);
    }

    internal TcpConnection Tcp { get; }

    internal MemoryStream Received { get; } = new();

    /// <summary>When a SYN or data was sent, by its sequence number.</summary>
    internal System.Collections.Generic.List<(TimeSpan At, uint Sequence)> Sendings { get; } = [];

    internal void Run(byte[] toSend, TimeSpan limit, bool isClosing = true)
    {
        Tcp.Open(_door.Now);
        int written = 0;
        while (!Tcp.IsOver && _door.Now < limit)
        {
            Tcp.Elapse(_door.Now);
            for (int length; (length = Tcp.Read(_room)) > 0;)
            {
                Received.Write(_room.AsSpan(0, length));
            }

            written += Tcp.Write(toSend.AsSpan(written));
            if (isClosing && written == toSend.Length)
            {
                Tcp.Close();
            }

            Emit();
            TimeSpan until = _door.Now + TimeSpan.FromMilliseconds(20);
            until = Tcp.WakeAt is TimeSpan wake && wake < until ? wake : until;
            for (int most = 32; most > 0 && _door.Receive(_room, until, out ReceivedPacket packet); most--)
            {
                Tcp.Arrive(_room.AsSpan(0, packet.Length), packet.At, packet.IsIntact);
                until = TimeSpan.Zero;
            }
        }

        Emit();
        for (int length; (length = Tcp.Read(_room)) > 0;)
        {
            Received.Write(_room.AsSpan(0, length));
        }
    }

    private void Emit()
    {
        // The timer starts at the moment that TCP was told, which lies before the first packet is made: that takes some milliseconds.
        for (TimeSpan now = _door.Now; Tcp.TryEmit(now, _room.AsSpan(20), out int length); now = _door.Now)
        {
            new Ipv4Header { DontFragment = true, TimeToLive = 64, Protocol = TcpSegment.Number, Source = Tcp.Flow.Source, Destination = Tcp.Flow.Destination }.Write(_room, length);
            _ = TcpSegment.Read(_room.AsSpan(20, length), out TcpSegment segment);
            if (segment.SequenceLength > 0)
            {
                Sendings.Add((now, segment.Sequence));
            }

            _door.Send(_room.AsSpan(0, 20 + length));
        }
    }
}
