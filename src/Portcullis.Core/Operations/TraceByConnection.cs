using System;
using System.Collections.Generic;
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
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30); // since the connection stood
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100); // so long a wait at most, so that a cancellation is heard

    internal static TraceReport Of(IConnectionDoor door, TraceRequest request, Gap? gap, CancellationToken cancellation)
    {
        List<Gap> gaps = gap is null ? [] : [gap];
        ConnectionEnd? end = Connect(door, gaps, cancellation);
        TimeSpan connected = door.Now;
        ImmutableArray<byte>.Builder data = ImmutableArray.CreateBuilder<byte>();
        bool wasDropped = false;
        if (end == ConnectionEnd.Fine)
        {
            wasDropped = Converse(door, request, data, gaps, cancellation) && data.Count == 0;
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
            Gaps = [.. gaps],
            WasInterrupted = cancellation.IsCancellationRequested,
        };
    }

    private static ConnectionEnd? Connect(IConnectionDoor door, List<Gap> gaps, CancellationToken cancellation)
    {
        TimeSpan limit = door.Now + PatienceForAnswer;
        while (door.Now < limit)
        {
            if (cancellation.IsCancellationRequested)
            {
                gaps.Add(Rest("interrupted"));
                return null;
            }

            if (door.Connect(Earlier(door.Now + Moment, limit)) is ConnectionEnd end)
            {
                return end;
            }
        }

        return null;
    }

    /// <summary>Sends the request and reads what comes; tells whether the peer ended the connection.</summary>
    private static bool Converse(IConnectionDoor door, TraceRequest request, ImmutableArray<byte>.Builder data, List<Gap> gaps, CancellationToken cancellation)
    {
        byte[] room = new byte[4096];
        TimeSpan limit = door.Now + MostTime;
        TimeSpan deadline = door.Now + request.Patience;
        int sent = 0;
        while (true)
        {
            int taken = sent < request.Request.Length ? door.Send(request.Request.AsSpan()[sent..]) : 0;
            sent += taken;
            TimeSpan now = door.Now;
            deadline = taken > 0 ? now + request.Patience : deadline;
            Gap? gap = cancellation.IsCancellationRequested ? Rest("interrupted")
                : now >= limit ? Rest(string.Create(CultureInfo.InvariantCulture, $"it went on after {MostTime.TotalSeconds} s"))
                : data.Count >= TraceReport.MostData ? new Gap(string.Create(CultureInfo.InvariantCulture, $"what it sends after {TraceReport.MostData:N0} bytes"), "no more is kept", null)
                : now >= deadline && sent < request.Request.Length ? new Gap(string.Create(CultureInfo.InvariantCulture, $"what becomes of the last {request.Request.Length - sent} bytes of the request"), "they could not be sent: the peer takes no more", null)
                : null;
            if (gap is not null)
            {
                gaps.Add(gap);
            }

            if (gap is not null || now >= deadline)
            {
                return false;
            }

            switch (door.Receive(room, Earlier(now + Moment, deadline), out int length))
            {
                case null: break;
                case ConnectionEnd.Fine when length > 0:
                    data.AddRange(room.AsSpan(0, Math.Min(length, TraceReport.MostData - data.Count)));
                    deadline = door.Now + request.Patience;
                    break;
                default: return true;
            }
        }
    }

    private static Gap Rest(string why) => new("the rest of the connection", why, null);

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

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
