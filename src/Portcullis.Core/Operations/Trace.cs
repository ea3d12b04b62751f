using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis trace</c>: one connection, packet by packet.</summary>
public static class Trace
{
    /// <summary>Traces a port: by our own TCP, whose packets are all seen, or without the rights to that by an ordinary connection.</summary>
    /// <param name="doors">The ways to see a connection.</param>
    /// <param name="request">What is traced.</param>
    /// <param name="cancellation">Ends it before its time; what is known by then is told.</param>
    /// <exception cref="ProbeException">There is no way to the target.</exception>
    public static TraceReport Of(ITraceDoors doors, TraceRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(doors);
        ArgumentNullException.ThrowIfNull(request);
        using IPacketDoor? door = doors.OpenPackets(request.Address, request.Port, 1, firstPort: 0, out Gap? gap);
        if (door is null)
        {
            using IConnectionDoor connection = doors.OpenConnection(request.Address, request.Port);
            return TraceByConnection.Of(connection, request, gap, cancellation);
        }

        return Of(door, request, cancellation);
    }

    private static TraceReport Of(IPacketDoor door, TraceRequest request, CancellationToken cancellation)
    {
        TcpFlow flow = new(door.Source, door.SourcePort, request.Address, request.Port);
        TraceConversation conversation = new(door, flow, request);
        conversation.Run(cancellation);
        TraceOutcome outcome = conversation.Outcome;
        (ImmutableArray<TracedPacket> packets, ImmutableArray<CapturedPacket> captured) = Ladder.Of(flow, conversation.Captured);
        TimeSpan start = captured.IsEmpty ? TimeSpan.Zero : captured[0].At; // the clock begins with the first packet
        packets = [.. packets.Select(packet => packet with { At = packet.At - start })];
        captured = [.. captured.Select(packet => packet with { At = packet.At - start })];
        (TraceVerdict verdict, string sentence) = TraceJudgement.Of(request.Name, packets, outcome with { EndedAt = outcome.EndedAt - start });
        return new TraceReport
        {
            Target = request.Target,
            Address = request.Address,
            Port = request.Port,
            Source = door.Source,
            SourcePort = door.SourcePort,
            StartedAt = door.OpenedAt + start,
            Verdict = verdict,
            Sentence = sentence,
            Packets = packets,
            Explanations = PacketExplanation.Of(packets),
            Captured = captured,
            Data = conversation.Data,
            RequestReason = verdict is TraceVerdict.Open or TraceVerdict.AcceptedThenDropped ? request.RequestReason : null,
            Gaps = conversation.Gaps,
            WasInterrupted = conversation.WasInterrupted,
        };
    }
}
