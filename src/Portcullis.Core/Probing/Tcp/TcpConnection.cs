using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>
/// The client's side of a TCP connection (RFC 9293) as a step machine: what happens is told to it with the time at which it happens,
/// and what it wants to send is asked of it. It has no clock, no chance and no thread, so that the same events give the same segments.
/// </summary>
/// <remarks>
/// After each event (<see cref="Open"/>, <see cref="Arrive(ReadOnlySpan{byte}, TimeSpan, bool)"/>, <see cref="Elapse"/>, <see cref="Write"/>, <see cref="Read"/>,
/// <see cref="Close"/>, <see cref="Abort"/>) call <see cref="TryEmit"/> until it has nothing more, and <see cref="Elapse"/> again at
/// <see cref="WakeAt"/>. Nothing that a peer sends makes it throw, and no segment makes it allocate.
/// Left out: listening, urgent data, timestamps, selective acknowledgements, the two minutes of TIME-WAIT.
/// </remarks>
public sealed partial class TcpConnection
{
    private readonly TcpSettings _settings;
    private readonly SendBuffer _sending;
    private readonly ReceiveBuffer _receiving;
    private readonly RetransmissionTimeout _timeout;
    private readonly SequenceNumber _initial; // ISS
    private readonly byte _ourScale;

    private SequenceNumber _unacknowledged; // SND.UNA
    private SequenceNumber _next; // SND.NXT; goes back when segments are to be sent again
    private SequenceNumber _most; // the highest SND.NXT so far
    private SequenceNumber _firstByte; // the number of the first byte in the send buffer
    private SequenceNumber _expected; // RCV.NXT
    private SequenceNumber _peerInitial; // IRS
    private bool _hasClosed; // we have no more data: a FIN stands behind the buffer
    private bool _finIsDone; // that was acknowledged
    private bool _acknowledge; // an ACK is due
    private bool _gaveUp; // a RST is due
    private int _segmentSize; // the peer's MSS, and ours

    /// <summary>Makes a connection that has not begun.</summary>
    /// <param name="flow">Both ends.</param>
    /// <param name="initial">The first sequence number (<see cref="InitialSequence"/>).</param>
    /// <param name="settings">How it behaves.</param>
    public TcpConnection(TcpFlow flow, SequenceNumber initial, TcpSettings settings)
    {
        Flow = flow;
        _settings = settings;
        _sending = new SendBuffer(settings.SendRoom);
        _receiving = new ReceiveBuffer(settings.ReceiveRoom);
        _timeout = new RetransmissionTimeout(settings);
        _initial = _unacknowledged = _next = _most = _recoverTo = initial;
        _firstByte = initial + 1;
        _segmentSize = settings.SegmentSize;
        while (settings.ReceiveRoom >> _ourScale > ushort.MaxValue && _ourScale < MostScale)
        {
            _ourScale++;
        }
    }

    /// <summary>Both ends.</summary>
    public TcpFlow Flow { get; }

    /// <summary>Its state.</summary>
    public TcpPhase Phase { get; private set; }

    /// <summary>Whether both sides have agreed on it, however it ended then.</summary>
    public bool HasStood { get; private set; }

    /// <summary>How it ended.</summary>
    public TcpEnding Ending { get; private set; }

    /// <summary>When <see cref="Elapse"/> is to be called, at the latest; null while it waits for the peer or the caller only.</summary>
    public TimeSpan? WakeAt { get; private set; }

    /// <summary>The smoothed round trip; null while none was measured.</summary>
    public TimeSpan? RoundTrip => _timeout.Smoothed;

    /// <summary>The time after which the next unacknowledged segment is sent again.</summary>
    public TimeSpan Timeout => _timeout.Current;

    /// <summary>How many segments were sent again.</summary>
    public int ResentSegments { get; private set; }

    /// <summary>How many bytes are there to read.</summary>
    public int Readable => _receiving.Count;

    /// <summary>How many bytes are written and not acknowledged.</summary>
    public int Unsent => _sending.Count;

    /// <summary>Whether the peer has no more data, and all that it had has been read.</summary>
    public bool IsReadToEnd => _receiving.Count == 0 && Phase is TcpPhase.CloseWait or TcpPhase.Closing or TcpPhase.LastAck or TcpPhase.TimeWait or TcpPhase.Closed;

    /// <summary>Whether nothing more will come of it.</summary>
    public bool IsOver => Ending != TcpEnding.None;

    /// <summary>Begins: a SYN is due.</summary>
    public void Open(TimeSpan now)
    {
        if (Phase == TcpPhase.Closed && Ending == TcpEnding.None)
        {
            Phase = TcpPhase.SynSent;
            WakeAt = now;
        }
    }

    /// <summary>Gives bytes to send; tells how many there was room for.</summary>
    public int Write(ReadOnlySpan<byte> bytes) => _hasClosed || IsOver ? 0 : _sending.Write(bytes);

    /// <summary>Takes bytes that came, in order; tells how many.</summary>
    public int Read(Span<byte> to)
    {
        int length = _receiving.Read(to);

        // RFC 9293, 3.8.6.2.2: the window is opened in steps worth a segment, not byte by byte.
        int step = Math.Max(Math.Min(_settings.ReceiveRoom / 2, _segmentSize), 1);
        if (length > 0 && IsSynchronized && _told + step <= _expected + Advertised)
        {
            _acknowledge = true;
        }

        return length;
    }

    /// <summary>Says that there are no more bytes to send: a FIN follows the last.</summary>
    public void Close()
    {
        if (_hasClosed)
        {
            return;
        }

        _hasClosed = true;
        switch (Phase)
        {
            case TcpPhase.Closed: End(TcpEnding.Aborted); break;
            case TcpPhase.Established: Phase = TcpPhase.FinWait1; break;
            case TcpPhase.CloseWait: Phase = TcpPhase.LastAck; break;
            default: break; // the handshake comes first, and what was written
        }
    }

    /// <summary>Gives the connection up; a RST follows where the peer knows of it.</summary>
    public void Abort()
    {
        if (!IsOver)
        {
            _gaveUp = IsSynchronized;
            End(TcpEnding.Aborted);
        }
    }

    /// <summary>Whether a segment that begins with this number is sent and not acknowledged: only of such a one may a router speak (RFC 5927, 4.1).</summary>
    public bool IsOnTheWay(SequenceNumber sequence) => sequence.IsIn(_unacknowledged, _most - _unacknowledged);

    /// <summary>Makes segments smaller from now on, since a link on the way takes no larger ones, and sends again what was on its way (RFC 1191, 6.5).</summary>
    /// <param name="size">Bytes of data in a segment.</param>
    public void ShrinkSegments(int size)
    {
        if (size < _segmentSize && IsSynchronized)
        {
            _segmentSize = Math.Max(size, LeastSegmentSize);
            _next = _unacknowledged;
        }
    }

    private bool IsSynchronized => Phase is not (TcpPhase.Closed or TcpPhase.SynSent);

    /// <summary>How large a window the peer can be told of.</summary>
    private int Advertised => Math.Min(_receiving.Window, ushort.MaxValue << (_scales ? _ourScale : 0));

    private SequenceNumber EndOfData => _firstByte + _sending.Count;

    private void End(TcpEnding ending)
    {
        Ending = ending;
        Phase = ending == TcpEnding.Closed ? TcpPhase.TimeWait : TcpPhase.Closed;
        WakeAt = null;
    }
}
