using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>Makes sense of the packets of one connection: numbers from its beginning on, resends, and what each receipt is for.</summary>
public sealed class Ladder
{
    private readonly TcpFlow _flow;
    private readonly Side _ours = new();
    private readonly Side _theirs = new();
    private readonly ImmutableArray<TracedPacket>.Builder _packets = ImmutableArray.CreateBuilder<TracedPacket>();
    private readonly ImmutableArray<CapturedPacket>.Builder _captured = ImmutableArray.CreateBuilder<CapturedPacket>();

    private Ladder(TcpFlow flow) => _flow = flow;

    /// <summary>The packets that belong to the connection, understood, and their bytes in the same order; others are left out.</summary>
    public static (ImmutableArray<TracedPacket> Packets, ImmutableArray<CapturedPacket> Captured) Of(TcpFlow flow, IEnumerable<CapturedPacket> captured)
    {
        ArgumentNullException.ThrowIfNull(captured);
        Ladder ladder = new(flow);
        foreach (CapturedPacket packet in captured)
        {
            if (ladder.Read(packet) is TracedPacket traced)
            {
                ladder._packets.Add(traced);
                ladder._captured.Add(packet);
            }
        }

        return (ladder._packets.ToImmutable(), ladder._captured.ToImmutable());
    }

    /// <summary>Control bits as they are written here: "SYN,ACK".</summary>
    internal static string Words(TcpControl control)
    {
        ReadOnlySpan<TcpControl> bits = [TcpControl.Syn, TcpControl.Fin, TcpControl.Rst, TcpControl.Psh, TcpControl.Urg, TcpControl.Ack, TcpControl.Ece, TcpControl.Cwr, TcpControl.Ae];
        string words = "";
        foreach (TcpControl bit in bits)
        {
            if ((control & bit) != TcpControl.None)
            {
                words += (words.Length > 0 ? "," : "") + bit.ToString().ToUpperInvariant();
            }
        }

        return words.Length > 0 ? words : "none";
    }

    private TracedPacket? Read(CapturedPacket packet)
    {
        if (IpPacket.Read(packet.Bytes.AsSpan(), out IpPacket ip) != PacketFault.None || ip.IsLaterFragment)
        {
            return null;
        }

        if (ip.Protocol != TcpSegment.Number)
        {
            return ip.Protocol is IcmpMessage.Number or IcmpMessage.NumberV6 ? ReadIcmp(packet, ip) : null;
        }

        TcpFlow flow = packet.IsOutgoing ? _flow : _flow.Reverse;
        return TcpSegment.Read(ip.Payload, out TcpSegment segment) == PacketFault.None
            && new TcpFlow(ip.Source, segment.SourcePort, ip.Destination, segment.DestinationPort) == flow
            ? ReadSegment(packet, ip, segment)
            : null;
    }

    private TracedPacket ReadSegment(CapturedPacket packet, IpPacket ip, in TcpSegment segment)
    {
        (Side own, Side other) = packet.IsOutgoing ? (_ours, _theirs) : (_theirs, _ours);
        SequenceNumber sequence = new(segment.Sequence);
        TcpOptions options = TcpOptions.Read(segment.Options);
        bool isSyn = (segment.Control & TcpControl.Syn) != TcpControl.None;
        if (isSyn && packet.IsTaken)
        {
            own.First ??= sequence;
            own.Scale = options.WindowScale;
        }

        bool acknowledges = (segment.Control & TcpControl.Ack) != TcpControl.None;
        SequenceNumber acknowledged = new(segment.Acknowledgement);
        Sending? receipt = acknowledges && packet.IsTaken ? other.Receive(acknowledged) : null;
        Sending? before = segment.SequenceLength > 0 ? own.Find(sequence, segment.SequenceLength) : null;
        TracedPacket traced = new()
        {
            At = packet.At,
            IsOutgoing = packet.IsOutgoing,
            From = ip.Source,
            Hops = ip.Hops,
            Flags = Words(segment.Control),
            Sequence = segment.Sequence,
            Acknowledgement = acknowledges ? segment.Acknowledgement : null,
            RelativeSequence = own.First is SequenceNumber first ? sequence - first : null,
            RelativeAcknowledgement = acknowledges && other.First is SequenceNumber start ? acknowledged - start : null,
            Length = segment.Payload.Length,
            Window = segment.Window << (isSyn || own.Scale is null || other.Scale is null ? 0 : Math.Min((int)own.Scale, 14)),
            Options = [.. options.Texts()],
            IsTaken = packet.IsTaken,
            IsResend = before is not null,
            Gap = before is null ? null : packet.At - before.At,
            RoundTrip = !packet.IsOutgoing && receipt is { Count: 1 } once ? packet.At - once.At : null,
            ReceiptFor = receipt?.Index,
        };
        if (segment.SequenceLength > 0 && (packet.IsTaken || before is not null))
        {
            own.Add(sequence, segment.SequenceLength, packet.At, _packets.Count, before);
        }

        return traced;
    }

    private TracedPacket? ReadIcmp(CapturedPacket packet, IpPacket ip)
    {
        if (IcmpQuote.Read(packet.Bytes.AsSpan(), _flow) is not IcmpQuote quote)
        {
            return null;
        }

        Sending? about = packet.IsTaken ? _ours.At(quote.Sequence) : null;
        return new TracedPacket
        {
            At = packet.At,
            IsOutgoing = packet.IsOutgoing,
            From = ip.Source,
            Hops = ip.Hops,
            Flags = $"ICMP {IcmpWords.Of(ip.Source.Version, quote.Type, quote.Code)}",
            Icmp = (quote.Type, quote.Code),
            Sequence = quote.Sequence.Value,
            RelativeSequence = _ours.First is SequenceNumber first ? quote.Sequence - first : null,
            IsTaken = packet.IsTaken,
            RoundTrip = about is { Count: 1 } ? packet.At - about.At : null,
            ReceiptFor = about?.Index,
        };
    }

    /// <summary>What one side has sent.</summary>
    private sealed class Side
    {
        private readonly List<Sending> _sent = [];
        private int _received; // those before are acknowledged
        private SequenceNumber _end; // behind the highest number

        internal SequenceNumber? First { get; set; }

        internal byte? Scale { get; set; }

        internal void Add(SequenceNumber start, int length, TimeSpan at, int index, Sending? before)
        {
            _end = _sent.Count == 0 ? start + length : SequenceNumber.Later(_end, start + length);
            _sent.Add(new Sending { Start = start, End = start + length, At = at, Index = index, Count = (before?.Count ?? 0) + 1 });
        }

        /// <summary>The last sending of any of these numbers; what lies behind all of them is not looked for in a long list.</summary>
        internal Sending? Find(SequenceNumber start, int length) =>
            _sent.Count == 0 || start >= _end ? null : _sent.FindLast(one => one.Start < start + length && one.End > start);

        internal Sending? At(SequenceNumber start) => _sent.FindLast(one => one.Start == start);

        /// <summary>What a receipt up to here is new for: the last of it; null where it is not the first receipt.</summary>
        internal Sending? Receive(SequenceNumber end)
        {
            Sending? last = null;
            for (int at = _received; at < _sent.Count; at++)
            {
                if (_sent[at].IsReceived || _sent[at].End > end)
                {
                    continue;
                }

                _sent[at].IsReceived = true;
                last = last is null || _sent[at].End >= last.End ? _sent[at] : last;
            }

            while (_received < _sent.Count && _sent[_received].IsReceived)
            {
                _received++;
            }

            return last;
        }
    }

    private sealed class Sending
    {
        internal required SequenceNumber Start { get; init; }

        internal required SequenceNumber End { get; init; }

        internal required TimeSpan At { get; init; }

        internal required int Index { get; init; }

        /// <summary>How often these numbers were sent by then.</summary>
        internal required int Count { get; init; }

        internal bool IsReceived { get; set; }
    }
}
