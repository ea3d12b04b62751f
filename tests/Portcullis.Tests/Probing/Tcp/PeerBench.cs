using System;
using System.Collections.Generic;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>A connection of ours, and a peer whose every segment the test writes.</summary>
internal sealed class PeerBench
{
    internal const uint Ours = 1000;
    internal const uint Theirs = 5000;

    private readonly byte[] _room = new byte[65_536];

    internal PeerBench(TcpSettings? settings = null) => Tcp = new TcpConnection(SimulatedNetwork.Flow, new SequenceNumber(Ours), settings ?? new TcpSettings());

    internal TcpConnection Tcp { get; }

    internal TimeSpan Now { get; private set; }

    /// <summary>A connection that stands; our next number is 1001, theirs 5001.</summary>
    internal static PeerBench Established(TcpSettings? settings = null, ushort window = 10_000, TcpOptions options = default)
    {
        PeerBench bench = new(settings);
        bench.Tcp.Open(bench.Now);
        bench.Emitted();
        bench.Say(TcpControl.Syn | TcpControl.Ack, Theirs, Ours + 1, window: window, options: options with { SegmentSize = options.SegmentSize ?? 1460 });
        bench.Emitted();
        return bench;
    }

    /// <summary>The peer sends a segment.</summary>
    internal void Say(TcpControl control, uint sequence, uint acknowledgement, byte[]? data = null, ushort window = 10_000, TcpOptions options = default)
    {
        Span<byte> optionBytes = stackalloc byte[TcpOptions.MostBytes];
        int length = new TcpHeader
        {
            SourcePort = Tcp.Flow.DestinationPort,
            DestinationPort = Tcp.Flow.SourcePort,
            Sequence = sequence,
            Acknowledgement = acknowledgement,
            Control = control,
            Window = window,
        }.Write(_room, Tcp.Flow.Destination, Tcp.Flow.Source, optionBytes[..options.Write(optionBytes)], data);
        _ = TcpSegment.Read(_room.AsSpan(0, length), out TcpSegment segment);
        Tcp.Take(segment, Now);
    }

    /// <summary>All that is due, as headers and lengths of data.</summary>
    internal List<(TcpHeader Header, int Length)> Emitted()
    {
        List<(TcpHeader, int)> segments = [];
        while (Tcp.TryEmit(Now, _room, out int length))
        {
            _ = TcpSegment.Read(_room.AsSpan(0, length), out TcpSegment segment);
            segments.Add((segment.Header, segment.Payload.Length));
        }

        return segments;
    }

    /// <summary>The time passes; what is due is told.</summary>
    internal List<(TcpHeader Header, int Length)> After(TimeSpan time)
    {
        Now += time;
        Tcp.Elapse(Now);
        return Emitted();
    }

    internal byte[] Read()
    {
        byte[] room = new byte[65_536];
        return room[..Tcp.Read(room)];
    }
}
