using System;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Core.Probing.Tcp;

/// <content>What goes to the peer.</content>
public sealed partial class TcpConnection
{
    private SequenceNumber _told; // where the window ends that the peer was told
    private bool _scales; // both sides scale their windows
    private bool _isProbing; // one byte goes out whatever the window says

    /// <summary>Writes the next segment that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="to">Room for a whole segment: 60 bytes of header and the data.</param>
    /// <param name="length">The segment's length: header, options and data.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryEmit(TimeSpan now, Span<byte> to, out int length)
    {
        length = 0;
        if (_resetWith is SequenceNumber odd)
        {
            _resetWith = null;
            length = Header(TcpControl.Rst, odd).Write(to, Flow.Source, Flow.Destination);
        }
        else if (_gaveUp)
        {
            _gaveUp = _acknowledge = false;
            length = Header(TcpControl.Rst | TcpControl.Ack, _most).Write(to, Flow.Source, Flow.Destination);
        }
        else if (Phase == TcpPhase.SynSent || (Phase == TcpPhase.SynReceived && _next == _initial))
        {
            length = _next == _initial ? EmitSyn(now, to) : 0;
        }
        else if (IsSynchronized)
        {
            length = EmitData(now, to);
            if (length == 0 && _acknowledge)
            {
                // Behind all that was sent, or the peer would take it for old; but within its window, beyond which a probe of that lies.
                SequenceNumber edge = _unacknowledged + _window;
                length = Header(TcpControl.Ack, _most > edge ? edge : _most).Write(to, Flow.Source, Flow.Destination);
                Told();
            }
        }

        return length > 0;
    }

    private int EmitSyn(TimeSpan now, Span<byte> to)
    {
        Span<byte> options = stackalloc byte[TcpOptions.MostBytes];
        bool answers = Phase == TcpPhase.SynReceived;
        TcpOptions offered = new() { SegmentSize = (ushort)Math.Min(_settings.SegmentSize, ushort.MaxValue), WindowScale = !answers || _scales ? _ourScale : null };
        TcpHeader header = Header(answers ? TcpControl.Syn | TcpControl.Ack : TcpControl.Syn, _initial) with
        {
            Acknowledgement = answers ? _expected.Value : 0,
            Window = (ushort)Math.Min(_receiving.Window, ushort.MaxValue), // never scaled
        };
        int length = header.Write(to, Flow.Source, Flow.Destination, options[..offered.Write(options)]);
        if (answers)
        {
            Told();
        }

        Sent(_initial, _initial + 1, now);
        return length;
    }

    private int EmitData(TimeSpan now, Span<byte> to)
    {
        if (Phase == TcpPhase.SynReceived || IsOver)
        {
            return 0;
        }

        SequenceNumber from = _resendFirst ? _unacknowledged : _next;
        int length = LengthFrom(from);
        bool fin = _hasClosed && !_finIsDone && from + length == EndOfData;
        if (length == 0 && !fin)
        {
            _resendFirst = false;
            HoldOut(now);
            return 0;
        }

        Span<byte> data = to.Slice(TcpSegment.LeastHeader, length);
        _sending.Copy(from - _firstByte, data);
        TcpControl control = TcpControl.Ack | (fin ? TcpControl.Fin : TcpControl.None) | (length > 0 && from + length == EndOfData ? TcpControl.Psh : TcpControl.None);
        int written = Header(control, from).Write(to, Flow.Source, Flow.Destination, default, data);
        Told();
        Sent(from, from + length + (fin ? 1 : 0), now);
        _resendFirst = _isProbing = false;
        return written;
    }

    /// <summary>How many bytes may go out from here (RFC 9293, 3.8.6.2.1: no silly small segments).</summary>
    private int LengthFrom(SequenceNumber from)
    {
        int pending = EndOfData - from;
        if (pending <= 0)
        {
            return 0;
        }

        int room = _resendFirst ? _window : Math.Min(_window, _congestionWindow) - (from - _unacknowledged);
        int length = Math.Min(Math.Min(pending, _segmentSize), room);
        if (_isProbing)
        {
            return Math.Max(length, 1);
        }

        return length > 0 && (length == _segmentSize || length == pending || from < _most || length >= _mostWindow / 2) ? length : 0;
    }

    /// <summary>Data waits for a window, and nothing that is on its way will bring news of one: the peer is to be asked after a while.</summary>
    private void HoldOut(TimeSpan now)
    {
        if (WakeAt is null && EndOfData > _next)
        {
            WakeAt = now + _timeout.Current;
        }
    }

    /// <summary>Notes that the numbers from one to the other are on their way.</summary>
    private void Sent(SequenceNumber from, SequenceNumber to, TimeSpan now)
    {
        if (from < _most)
        {
            ResentSegments++;
            if (_timed is SequenceNumber timed && from < timed)
            {
                _timed = null; // Karn's rule: whose receipt would it be?
            }
        }
        else if (_timed is null)
        {
            _timed = to;
            _timedAt = now;
        }

        // A window that is shut is asked by bytes that stay unsent until it opens.
        if (!_resendFirst)
        {
            _next = SequenceNumber.Later(_next, to);
        }

        _most = SequenceNumber.Later(_most, to);
        if (WakeAt is null || WakeAt <= now)
        {
            WakeAt = now + _timeout.Current; // RFC 6298, 5.1
        }
    }

    private void Told()
    {
        _acknowledge = false;
        _told = _expected + Advertised;
    }

    private TcpHeader Header(TcpControl control, SequenceNumber sequence) => new()
    {
        SourcePort = Flow.SourcePort,
        DestinationPort = Flow.DestinationPort,
        Sequence = sequence.Value,
        Acknowledgement = (control & TcpControl.Ack) != TcpControl.None ? _expected.Value : 0,
        Control = control,
        Window = (control & TcpControl.Rst) != TcpControl.None ? (ushort)0
            : (ushort)(Advertised >> (_scales ? _ourScale : 0)),
    };
}
