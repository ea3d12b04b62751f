using System;
using System.Threading;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Routes;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Operations;

/// <summary>The way to a port, by SYNs to the port itself that may pass one router, two, three …</summary>
public static class TracePath
{
    private const string What = "the way there";
    private const string Rest = "the rest of the way there";
    private const string Interrupted = "interrupted";

    /// <summary>
    /// Adds the way to a trace; where it has one already, by the same flows if their ports are still free, so that the two can be compared.
    /// What cannot be seen of it is added to the trace's gaps.
    /// </summary>
    /// <param name="doors">The ways to see a connection.</param>
    /// <param name="request">What is traced.</param>
    /// <param name="report">The trace so far.</param>
    /// <param name="cancellation">Ends it before its time.</param>
    public static TraceReport Add(ITraceDoors doors, TraceRequest request, TraceReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(doors);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(report);
        if (cancellation.IsCancellationRequested)
        {
            return Missing(report, new Gap(What, Interrupted, null)) with { WasInterrupted = true };
        }

        try
        {
            using IPacketDoor? door = doors.OpenPackets(request.Address, request.Port, RouteSearch.Flows, report.PathPort, out Gap? gap);
            return door is null ? (gap is null ? report : Missing(report, gap with { What = What })) : Add(door, request, report, cancellation);
        }
        catch (ProbeException refused)
        {
            return Missing(report, new Gap(What, refused.Message, null));
        }
    }

    private static TraceReport Add(IPacketDoor door, TraceRequest request, TraceReport report, CancellationToken cancellation)
    {
        TcpFlow flow = new(door.Source, door.SourcePort, request.Address, request.Port);
        RouteSearch search = new(InitialSequence.Of(flow, request.Secret, TimeSpan.FromTicks(door.OpenedAt.Ticks)));
        string? why = null;
        try
        {
            Search(door, flow, search, cancellation);
            why = search.IsDone ? null : Interrupted;
        }
        catch (ProbeException refused)
        {
            why = refused.Message; // a link went down, say: what was seen until then is told
        }

        return (why is null ? report : Missing(report, new Gap(Rest, why, null))) with
        {
            Path = search.Hops(),
            Paths = search.Paths(),
            PathPort = flow.SourcePort,
            WasInterrupted = report.WasInterrupted || why == Interrupted,
        };
    }

    private static TraceReport Missing(TraceReport report, Gap gap) => report with { Gaps = report.Gaps.Add(gap) };

    private static void Search(IPacketDoor door, TcpFlow flow, RouteSearch search, CancellationToken cancellation)
    {
        byte[] packet = new byte[65_535];
        while (!search.IsDone && !cancellation.IsCancellationRequested)
        {
            TimeSpan now = door.Now;
            while (search.TryNext(now, out RouteProbe probe, out TimeSpan wakeAt) || !search.IsDone)
            {
                if (probe.Hop == 0)
                {
                    TimeSpan moment = now + TimeSpan.FromMilliseconds(100);
                    Hear(door, search, flow, packet, wakeAt < moment ? wakeAt : moment);
                    break;
                }

                Send(door, flow with { SourcePort = (ushort)(flow.SourcePort + probe.Flow) }, probe.Sequence, TcpControl.Syn, (byte)probe.Hop, packet);
                now = door.Now;
            }
        }
    }

    private static void Hear(IPacketDoor door, RouteSearch search, TcpFlow flow, byte[] room, TimeSpan until)
    {
        for (int most = 64; most > 0 && door.Receive(room, until, out ReceivedPacket received); most--)
        {
            until = TimeSpan.Zero;
            ReadOnlySpan<byte> packet = room.AsSpan(0, received.Length);
            if (IcmpQuote.Read(packet, flow with { SourcePort = 0 }) is IcmpQuote quote)
            {
                if (quote.IsTimeExceeded || quote.IsUnreachable)
                {
                    string? remark = quote.IsTimeExceeded ? null : IcmpWords.Of(quote.From.Version, quote.Type, quote.Code);
                    search.TakeRouter(quote.SourcePort - flow.SourcePort, quote.Sequence, quote.From, received.At, remark, remark is not null && quote.From == flow.Destination);
                }
            }
            else if (IpPacket.Read(packet, out IpPacket ip) == PacketFault.None && ip.Protocol == TcpSegment.Number && ip.Source == flow.Destination && ip.Destination == flow.Source
                && TcpSegment.Read(ip.Payload, out TcpSegment segment) == PacketFault.None && segment.SourcePort == flow.DestinationPort
                && (received.IsIntact || segment.ChecksumIsValid(ip.Source, ip.Destination)) && (segment.Control & TcpControl.Ack) != TcpControl.None)
            {
                int number = segment.DestinationPort - flow.SourcePort;
                SequenceNumber acknowledged = new(segment.Acknowledgement);
                bool accepts = (segment.Control & TcpControl.Syn) != TcpControl.None;
                search.TakeTarget(number, acknowledged, ip.Source, received.At);
                if (accepts && number is >= 0 and < RouteSearch.Flows)
                {
                    // What it opened for the probe is closed at once.
                    Send(door, flow with { SourcePort = segment.DestinationPort }, acknowledged, TcpControl.Rst, 64, room);
                }
            }
        }
    }

    private static void Send(IPacketDoor door, TcpFlow flow, SequenceNumber sequence, TcpControl control, byte hops, byte[] room)
    {
        bool isV4 = flow.Source.Version == IpVersion.V4;
        int header = isV4 ? Ipv4Packet.LeastHeader : Ipv6Packet.HeaderLength;
        Span<byte> options = stackalloc byte[TcpOptions.MostBytes];
        int optionLength = control == TcpControl.Syn ? new TcpOptions { SegmentSize = (ushort)(isV4 ? 1460 : 1440) }.Write(options) : 0;
        int length = new TcpHeader { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort, Sequence = sequence.Value, Control = control, Window = 65_535 }
            .Write(room.AsSpan(header), flow.Source, flow.Destination, options[..optionLength]);
        length += isV4
            ? new Ipv4Header { Identification = (ushort)sequence.Value, DontFragment = true, TimeToLive = hops, Protocol = TcpSegment.Number, Source = flow.Source, Destination = flow.Destination }.Write(room, length)
            : new Ipv6Header { NextHeader = TcpSegment.Number, HopLimit = hops, Source = flow.Source, Destination = flow.Destination }.Write(room, length);
        door.Send(room.AsSpan(0, length));
    }
}
