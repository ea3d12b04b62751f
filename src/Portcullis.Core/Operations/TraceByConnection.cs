using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>A trace without packets: what an ordinary connection tells, and what it does not.</summary>
internal static class TraceByConnection
{
    private static readonly TimeSpan PatienceForAnswer = TimeSpan.FromSeconds(15); // as long as four SYNs: 1 + 2 + 4 + 8

    internal static TraceReport Of(IConnectionDoor door, TraceRequest request, Gap? gap, CancellationToken cancellation)
    {
        ConnectionEnd? end = Wait(door, PatienceForAnswer, door.Connect, cancellation);
        TimeSpan connected = door.Now;
        ImmutableArray<byte>.Builder data = ImmutableArray.CreateBuilder<byte>();
        bool wasDropped = false;
        if (end == ConnectionEnd.Fine)
        {
            wasDropped = Converse(door, request, data, cancellation) && data.Count == 0;
        }

        (TraceVerdict verdict, string sentence) = Judge(request.Name, end, connected, wasDropped, data.Count);
        return new TraceReport
        {
            Target = request.Target,
            Address = request.Address,
            Port = request.Port,
            Verdict = verdict,
            Sentence = sentence,
            Data = data.ToImmutable(),
            RequestReason = verdict is TraceVerdict.Open or TraceVerdict.AcceptedThenDropped ? request.RequestReason : null,
            Gaps = gap is null ? [] : [gap],
            WasInterrupted = cancellation.IsCancellationRequested,
        };
    }

    /// <summary>Sends the request and reads what comes; tells whether the peer ended the connection.</summary>
    private static bool Converse(IConnectionDoor door, TraceRequest request, ImmutableArray<byte>.Builder data, CancellationToken cancellation)
    {
        const int Most = 65_536;
        byte[] room = new byte[4096];
        _ = request.Request.IsEmpty || door.Send(request.Request.AsSpan());
        while (data.Count < Most)
        {
            int length = 0;
            ConnectionEnd? end = Wait(door, request.Patience, until => door.Receive(room, until, out length), cancellation);
            if (end is null)
            {
                return false;
            }

            if (end != ConnectionEnd.Fine || length == 0)
            {
                return true;
            }

            data.AddRange(room.AsSpan(0, Math.Min(length, Most - data.Count)));
        }

        return false;
    }

    private static (TraceVerdict Verdict, string Sentence) Judge(string target, ConnectionEnd? end, TimeSpan time, bool wasDropped, int received)
    {
        string after = TraceJudgement.Time(time);
        return end switch
        {
            ConnectionEnd.Fine when wasDropped => (TraceVerdict.AcceptedThenDropped, $"{target} accepted the connection after {after}, then ended it without a word: an access list, a limit, or a service behind it that is missing."),
            ConnectionEnd.Fine => (TraceVerdict.Open, $"{target} is open: it accepted the connection after {after}{(received > 0 ? string.Create(CultureInfo.InvariantCulture, $" and sent {received} bytes") : "")}."),
            ConnectionEnd.Reset => (TraceVerdict.Closed, $"{target} is closed: the connection was refused after {after}, by a reset (RST) or by a firewall's ICMP message."),
            ConnectionEnd.Rejected => (TraceVerdict.Rejected, $"{target} is rejected: a firewall here or on the way forbids it."),
            ConnectionEnd.Unreachable => (TraceVerdict.Unknown, $"{target} could not be reached: a host on the way, or this one, says so after {after}."),
            ConnectionEnd.Silent => (TraceVerdict.Filtered, $"{target} is filtered: nothing came back in {after}; a firewall drops the packets, or no such host is there."),
            null => time >= PatienceForAnswer
                ? (TraceVerdict.Filtered, $"{target} is filtered: nothing came back in {after}; a firewall drops the packets, or no such host is there.")
                : (TraceVerdict.Unknown, $"{target}: nothing had come back when the trace was ended after {after}."),
        };
    }

    /// <summary>Waits in short steps, so that a cancellation is heard.</summary>
    private static ConnectionEnd? Wait(IConnectionDoor door, TimeSpan patience, Func<TimeSpan, ConnectionEnd?> step, CancellationToken cancellation)
    {
        TimeSpan limit = door.Now + patience;
        while (true)
        {
            TimeSpan now = door.Now;
            TimeSpan until = now + TimeSpan.FromMilliseconds(100);
            if (step(until < limit ? until : limit) is ConnectionEnd end)
            {
                return end;
            }

            if (door.Now >= limit || cancellation.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}
