using System;

namespace Portcullis.Core.Probing.Tcp;

/// <content>Time and loss: RFC 6298 (when to send again), RFC 5681 and RFC 6582 (how much to have on the way).</content>
public sealed partial class TcpConnection
{
    private const int DuplicatesThatTellOfLoss = 3; // RFC 5681, 3.2

    private SequenceNumber? _timed; // the acknowledgement that ends the measured round trip
    private TimeSpan _timedAt;
    private SequenceNumber _recoverTo; // what was on the way when a loss was seen
    private bool _isRecovering;
    private bool _resendFirst; // the first unacknowledged segment is to be sent again
    private int _resends; // timeouts in a row
    private int _duplicates;
    private int _congestionWindow;
    private int _threshold = int.MaxValue;

    /// <summary>Lets the time pass: what was not acknowledged until now is due again.</summary>
    public void Elapse(TimeSpan now)
    {
        if (WakeAt is not TimeSpan due || now < due || IsOver)
        {
            return;
        }

        if (_most == _initial)
        {
            return; // the SYN itself was never asked for
        }

        bool isHandshake = Phase is TcpPhase.SynSent or TcpPhase.SynReceived;
        if (_resends + 1 >= (isHandshake ? _settings.SynTries : _settings.Resends + 1))
        {
            _gaveUp = IsSynchronized;
            End(TcpEnding.TimedOut);
            return;
        }

        _resends++;
        _timed = null;
        _timeout.BackOff();
        WakeAt = now + _timeout.Current;
        if (isHandshake)
        {
            _next = _initial;
        }
        else
        {
            SendAgain();
        }
    }

    /// <summary>Goes back to the first byte that was not acknowledged; with a shut window it is a probe of one byte.</summary>
    private void SendAgain()
    {
        _isProbing = _window == 0 || _most == _unacknowledged;
        if (_most > _unacknowledged && _window > 0)
        {
            _threshold = Math.Max((_most - _unacknowledged) / 2, 2 * _segmentSize);
            _congestionWindow = _segmentSize;
        }

        _next = _unacknowledged;
        _recoverTo = _most;
        _isRecovering = false;
        _resendFirst = false;
        _duplicates = 0;
    }

    private void TakeMeasurement(SequenceNumber acknowledged, TimeSpan now)
    {
        if (_timed is SequenceNumber timed && acknowledged >= timed)
        {
            _timeout.Measure(now - _timedAt);
            _timed = null;
        }
    }

    /// <summary>RFC 6928, 2: the first flight.</summary>
    private void StartCongestionControl() => _congestionWindow = Math.Min(10 * _segmentSize, Math.Max(2 * _segmentSize, 14_600));

    /// <summary>More may be on the way, since something arrived.</summary>
    private void Grow(SequenceNumber acknowledged)
    {
        const int Most = 1 << 24;
        int bytes = acknowledged - _unacknowledged;
        _duplicates = 0;
        if (_isRecovering)
        {
            // RFC 6582, 3.2: an acknowledgement of a part tells of the next loss.
            _isRecovering = acknowledged < _recoverTo;
            _resendFirst = _isRecovering;
            _congestionWindow = _isRecovering ? Math.Max(_congestionWindow - bytes + _segmentSize, _segmentSize) : Math.Max(_threshold, _segmentSize);
            return;
        }

        _congestionWindow = Math.Min(Most, _congestionWindow
            + (_congestionWindow < _threshold ? Math.Min(bytes, _segmentSize) : Math.Max(_segmentSize * _segmentSize / _congestionWindow, 1)));
    }

    /// <summary>The same acknowledgement once more: something behind it arrived.</summary>
    private void Repeat()
    {
        _duplicates++;
        if (_isRecovering)
        {
            _congestionWindow = Math.Min(_congestionWindow + _segmentSize, 1 << 24);
        }
        else if (_duplicates == DuplicatesThatTellOfLoss && _unacknowledged >= _recoverTo)
        {
            _isRecovering = _resendFirst = true;
            _recoverTo = _most;
            _threshold = Math.Max((_most - _unacknowledged) / 2, 2 * _segmentSize);
            _congestionWindow = _threshold + (3 * _segmentSize);
        }
    }
}
