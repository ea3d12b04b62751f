using System;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Probing.Tcp;

/// <content>What comes from the peer (RFC 9293, 3.10.7).</content>
public sealed partial class TcpConnection
{
    private const int MostScale = 14; // RFC 7323, 2.3
    private const int LeastSegmentSize = 64; // a peer that tells less would make us send headers only
    private const int AnswersInASecond = 10; // RFC 5961, 7

    private SequenceNumber _windowSequence; // SND.WL1
    private SequenceNumber _windowAcknowledgement; // SND.WL2
    private SequenceNumber? _peerEnd; // the number of the peer's FIN
    private SequenceNumber? _resetWith; // a RST with this number is due
    private int _window; // SND.WND
    private int _mostWindow;
    private int _peerScale;
    private TimeSpan _answersSince;
    private int _answers;

    /// <summary>Takes a packet; others than those of this connection, and damaged ones, change nothing.</summary>
    /// <param name="packet">The IP packet.</param>
    /// <param name="now">When it came.</param>
    /// <param name="isIntact">Whether it came without a way on which it could be damaged, so that its checksum need not be there yet.</param>
    /// <returns>Whether it belonged to this connection and was whole.</returns>
    public bool Arrive(ReadOnlySpan<byte> packet, TimeSpan now, bool isIntact = false) => Arrive(packet, now, isIntact, out _);

    /// <inheritdoc cref="Arrive(ReadOnlySpan{byte}, TimeSpan, bool)"/>
    /// <param name="packet">The IP packet.</param>
    /// <param name="now">When it came.</param>
    /// <param name="isIntact">Whether it came without a way on which it could be damaged, so that its checksum need not be there yet.</param>
    /// <param name="isTaken">Whether its numbers fit the connection as it stands, too: else it is old, astray or forged, and nothing was taken of it.</param>
    public bool Arrive(ReadOnlySpan<byte> packet, TimeSpan now, bool isIntact, out bool isTaken)
    {
        isTaken = false;
        if (IpPacket.Read(packet, out IpPacket ip) != PacketFault.None || ip.Protocol != TcpSegment.Number || ip.IsLaterFragment
            || ip.Source != Flow.Destination || ip.Destination != Flow.Source
            || TcpSegment.Read(ip.Payload, out TcpSegment segment) != PacketFault.None
            || segment.SourcePort != Flow.DestinationPort || segment.DestinationPort != Flow.SourcePort
            || !(isIntact || segment.ChecksumIsValid(ip.Source, ip.Destination)))
        {
            return false;
        }

        isTaken = Take(segment, now);
        return true;
    }

    /// <summary>Takes a segment of this connection whose checksum is right; tells whether its numbers fit the connection as it stands.</summary>
    public bool Take(in TcpSegment segment, TimeSpan now) => Phase switch
    {
        TcpPhase.Closed => false,
        TcpPhase.SynSent => ArriveInSynSent(segment, now),
        _ => ArriveSynchronized(segment, now),
    };

    /// <summary>RFC 9293, 3.10.7.3.</summary>
    private bool ArriveInSynSent(in TcpSegment segment, TimeSpan now)
    {
        SequenceNumber acknowledged = new(segment.Acknowledgement);
        bool acknowledges = Has(segment, TcpControl.Ack);
        if (acknowledges && (acknowledged <= _initial || acknowledged > _most))
        {
            // Half-open: the peer speaks of another connection, which this ends there.
            _resetWith = Has(segment, TcpControl.Rst) || !MayAnswer(now) ? null : acknowledged;
            return false;
        }

        if (Has(segment, TcpControl.Rst))
        {
            if (acknowledges)
            {
                End(TcpEnding.Refused);
            }

            return acknowledges; // without a receipt anybody could have sent it
        }

        if (!Has(segment, TcpControl.Syn))
        {
            return false;
        }

        _peerInitial = new SequenceNumber(segment.Sequence);
        _expected = _told = _peerInitial + 1;
        TakeOptions(TcpOptions.Read(segment.Options));
        _window = _mostWindow = segment.Window; // that of a SYN is never scaled (RFC 7323, 2.2)
        _windowSequence = _peerInitial;
        _windowAcknowledgement = acknowledges ? acknowledged : _initial;
        if (acknowledges)
        {
            _acknowledge = true;
            Establish(acknowledged, now);
        }
        else
        {
            Phase = TcpPhase.SynReceived; // both asked at once (3.5, figure 8)
            _next = _initial;
            WakeAt = now;
        }

        return true;
    }

    private void TakeOptions(TcpOptions options)
    {
        // RFC 9293, 3.7.1: without a word of the peer's, 536 bytes with IPv4 and 1,220 with IPv6.
        int told = options.SegmentSize ?? (Flow.Source.Version == Model.IpVersion.V4 ? 536 : 1220);
        _segmentSize = Math.Max(Math.Min(told, _settings.SegmentSize), LeastSegmentSize);
        _peerScale = Math.Min((int)(options.WindowScale ?? 0), MostScale);
        _scales = options.WindowScale is not null;
        StartCongestionControl();
    }

    private void Establish(SequenceNumber acknowledged, TimeSpan now)
    {
        Phase = _hasClosed ? TcpPhase.FinWait1 : TcpPhase.Established;
        HasStood = true;
        TakeMeasurement(acknowledged, now);
        if (_resends > 0)
        {
            _timeout.RecoverFromLostSyn();
        }

        _resends = 0;
        _unacknowledged = _next = _most = acknowledged;
        WakeAt = null;
    }

    /// <summary>RFC 9293, 3.10.7.4, with the stricter rules of RFC 5961.</summary>
    private bool ArriveSynchronized(in TcpSegment segment, TimeSpan now)
    {
        SequenceNumber sequence = new(segment.Sequence);
        if (!IsAcceptable(sequence, segment.SequenceLength))
        {
            // Data outside of the window tells that our receipt was lost; an empty segment there may be forged, or answer such a one of ours.
            _acknowledge |= !Has(segment, TcpControl.Rst) && (segment.SequenceLength > 0 || MayAnswer(now));
            return false;
        }

        if (Has(segment, TcpControl.Rst))
        {
            return ArriveReset(sequence, now);
        }

        if (Has(segment, TcpControl.Syn))
        {
            _acknowledge |= MayAnswer(now); // RFC 5961, 4: a peer that really began anew answers the receipt with RST
            return false;
        }

        if (!Has(segment, TcpControl.Ack) || !TakeAcknowledgement(segment, sequence, now))
        {
            return false;
        }

        TakeData(segment, sequence);
        return true;
    }

    /// <summary>RFC 5961, 3: only the very number that is expected resets; another in the window is asked about.</summary>
    private bool ArriveReset(SequenceNumber sequence, TimeSpan now)
    {
        if (sequence != _expected)
        {
            _acknowledge |= MayAnswer(now);
            return false;
        }

        if (Phase != TcpPhase.TimeWait)
        {
            End(Phase == TcpPhase.SynReceived ? TcpEnding.Refused : TcpEnding.ResetByPeer);
            _acknowledge = false;
        }

        return true;
    }

    /// <summary>The test of acceptability (RFC 9293, 3.10.7.4, first).</summary>
    private bool IsAcceptable(SequenceNumber sequence, int length)
    {
        int window = Phase == TcpPhase.TimeWait ? 0 : _receiving.Window;
        return window == 0
            ? length == 0 && sequence == _expected
            : sequence.IsIn(_expected, window) || (length > 0 && (sequence + (length - 1)).IsIn(_expected, window));
    }

    private bool TakeAcknowledgement(in TcpSegment segment, SequenceNumber sequence, TimeSpan now)
    {
        SequenceNumber acknowledged = new(segment.Acknowledgement);
        if (Phase == TcpPhase.SynReceived)
        {
            if (acknowledged <= _initial || acknowledged > _most)
            {
                _resetWith = MayAnswer(now) ? acknowledged : null;
                return false;
            }

            Establish(acknowledged, now);
        }

        // RFC 5961, 5: not beyond what we sent, and not older than a window.
        if (acknowledged > _most || acknowledged < _unacknowledged + -_mostWindow)
        {
            _acknowledge |= MayAnswer(now);
            return false;
        }

        if (acknowledged > _unacknowledged)
        {
            Advance(acknowledged, now);
        }
        else if (acknowledged == _unacknowledged && segment.SequenceLength == 0 && _most > _unacknowledged && _window > 0
            && segment.Window << (_scales ? _peerScale : 0) == _window)
        {
            Repeat(); // RFC 5681, 2: a duplicate acknowledgement
        }

        if (acknowledged >= _unacknowledged && (_windowSequence < sequence || (_windowSequence == sequence && _windowAcknowledgement <= acknowledged)))
        {
            TakeWindow(segment.Window << (_scales ? _peerScale : 0), sequence, acknowledged, now);
        }

        return !IsOver || Phase == TcpPhase.TimeWait;
    }

    private void TakeWindow(int window, SequenceNumber sequence, SequenceNumber acknowledged, TimeSpan now)
    {
        bool wasShut = _window == 0;
        _window = window;
        _mostWindow = Math.Max(_mostWindow, window);
        _windowSequence = sequence;
        _windowAcknowledgement = acknowledged;
        if (_window == 0)
        {
            _resends = 0; // it lives: it may be asked for as long as it answers (RFC 9293, 3.8.6.1)
        }
        else if (wasShut)
        {
            _timeout.Restore(); // the waiting was for room, not for what was lost
            _next = _unacknowledged; // the probe was left out
            WakeAt = _most > _unacknowledged ? now + _timeout.Current : null;
        }
    }

    /// <summary>Something new was acknowledged.</summary>
    private void Advance(SequenceNumber acknowledged, TimeSpan now)
    {
        TakeMeasurement(acknowledged, now);
        Grow(acknowledged);
        int bytes = Math.Min(acknowledged - _firstByte, _sending.Count);
        bool hasFin = _hasClosed && acknowledged == EndOfData + 1;
        _sending.Discard(bytes);
        _firstByte += bytes;
        _unacknowledged = acknowledged;
        _next = SequenceNumber.Later(_next, acknowledged);
        _resends = 0;
        WakeAt = _unacknowledged == _most ? null : now + _timeout.Current; // RFC 6298, 5.2 and 5.3
        if (!hasFin)
        {
            return;
        }

        _finIsDone = true;
        switch (Phase)
        {
            case TcpPhase.FinWait1: Phase = TcpPhase.FinWait2; break;
            case TcpPhase.Closing or TcpPhase.LastAck: End(TcpEnding.Closed); break;
        }
    }

    private void TakeData(in TcpSegment segment, SequenceNumber sequence)
    {
        if (segment.SequenceLength == 0)
        {
            return;
        }

        _acknowledge = true;
        if (Has(segment, TcpControl.Fin))
        {
            _peerEnd ??= sequence + segment.Payload.Length;
        }

        if (Phase is not (TcpPhase.Established or TcpPhase.FinWait1 or TcpPhase.FinWait2))
        {
            return; // the peer has closed: this is an old segment
        }

        int early = sequence - _expected;
        ReadOnlySpan<byte> fresh = early < 0 ? segment.Payload[Math.Min(-early, segment.Payload.Length)..] : segment.Payload;
        if (_peerEnd is SequenceNumber end)
        {
            fresh = fresh[..Math.Clamp(end - (_expected + Math.Max(early, 0)), 0, fresh.Length)]; // nothing comes behind its end
        }

        _expected += _receiving.Insert(Math.Max(early, 0), fresh);
        if (_expected == _peerEnd)
        {
            _expected += 1;
            switch (Phase)
            {
                case TcpPhase.Established: Phase = TcpPhase.CloseWait; break;
                case TcpPhase.FinWait1: Phase = TcpPhase.Closing; break;
                default: End(TcpEnding.Closed); break;
            }
        }
    }

    private static bool Has(in TcpSegment segment, TcpControl control) => (segment.Control & control) != TcpControl.None;

    /// <summary>Whether one more answer to something odd may be sent in this second.</summary>
    private bool MayAnswer(TimeSpan now)
    {
        if (now - _answersSince > TimeSpan.FromSeconds(1) || now < _answersSince)
        {
            _answersSince = now;
            _answers = 0;
        }

        return _answers++ < AnswersInASecond;
    }
}
