using System;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>How fast probes may go out: as fast as the way to the target carries them, found by what comes back.</summary>
/// <remarks>
/// <para>
/// Time is cut in slices. When the answers to a slice's probes should be in, it is judged by two signs: fewer of them than of the
/// slices before (ports are asked in random order, so the share of those that answer is the same in each but for chance), or answers
/// that took much longer, which means that they stood in a queue. The rate doubles until the first such sign, gives way at each, and
/// climbs slowly afterwards, the more so near where the way last gave out: congestion control (RFC 5681; the plateau of CUBIC, RFC 9438),
/// with a rate in place of a window, since silence is no loss here.
/// </para>
/// <para>
/// Where next to nothing answers, a share says nothing; there ports that did answer are asked again and again, and their answers are
/// the sign. Where nothing answers at all there is no sign, and the rate stays what it was.
/// </para>
/// </remarks>
internal sealed class Pace
{
    private const int Slices = 1024;
    private const int LeastSlice = 2_000;
    private const double Backoff = 0.7; // a queue that stands needs room to drain
    private const double MildBackoff = 0.9; // of what came through
    private const double Climb = 1.1;
    private const double Creep = 1.01; // near where the way gave out: to go beyond costs more probes than it saves time

    private readonly Slice[] _slices = new Slice[Slices];
    private double _most;
    private readonly double _least;
    private readonly CanaryWatch _canaries = new();
    private double _rate;
    private double _tokens;
    private long _tokensAt;
    private long _sliceLength = LeastSlice;
    private long _sliceStart;
    private long _current;
    private long _judged;
    private long _changedAt;
    private double _ceiling = double.MaxValue; // what the way carried when it last gave out
    private double _rateBefore; // what it was when the way last seemed to give out
    private double _ceilingBefore;
    private double _share = -1;

    /// <summary>Begins.</summary>
    /// <param name="now">The time, µs.</param>
    /// <param name="rate">Probes a second to begin with; all there is where nothing answers.</param>
    /// <param name="most">The most probes a second.</param>
    internal Pace(long now, double rate, double most)
    {
        _most = most;
        _rate = Math.Min(rate, most);
        _least = _rate / 20;
        _tokensAt = now;
        _sliceStart = now;
    }

    /// <summary>Probes a second, at present.</summary>
    internal double Rate => _rate;

    /// <summary>Whether the canaries are open ports, which answer however many refusals the target allows itself.</summary>
    internal bool OpenPortsAnswer { get; set; }

    /// <summary>How many may go out now.</summary>
    internal int Allowed(long now)
    {
        _tokens = Math.Min(Burst, _tokens + (_rate * (now - _tokensAt) / 1e6));
        _tokensAt = now;
        return (int)_tokens;
    }

    /// <summary>When the next may go out.</summary>
    internal long Next(long now) => now + (long)Math.Max(0, Math.Ceiling((1 - _tokens) * 1e6 / _rate));

    /// <summary>Notes that probes went out; of these, so many to ports that were not asked before, and to such as are known to answer.</summary>
    internal void Sent(long now, int all, int fresh, int canaries)
    {
        _tokens -= all;
        Advance(now);
        ref Slice slice = ref _slices[_current % Slices];
        slice.Sent += all;
        slice.Fresh += fresh;
        slice.CanariesSent += canaries;
    }

    /// <summary>Notes an answer to a probe; canaries are those to ports that are known to answer.</summary>
    internal void Answered(long sentAt, long now, bool isFresh, bool isCanary)
    {
        long back = (_sliceStart + _sliceLength - sentAt - 1) / _sliceLength; // exact while slices keep their length; a slice off is no harm
        long index = _current - Math.Max(0, back);
        if (index < Math.Max(_judged, _current - Slices + 1))
        {
            return;
        }

        ref Slice slice = ref _slices[index % Slices];
        slice.Answered += isFresh ? 1 : 0;
        slice.Canaries += isCanary ? 1 : 0;
        slice.Times += now - sentAt;
        slice.Timed++;
    }

    /// <summary>Gives way: the machine itself could not send so fast, or too many canaries were lost.</summary>
    internal void GiveWay(long now) => GiveWay(now, Backoff, Backoff);

    /// <summary>No more than so many a second from now on.</summary>
    internal void Limit(double most)
    {
        if (most < _most)
        {
            _most = most;
            _rate = Math.Min(_rate, most);
            _tokens = Math.Min(_tokens, 1);
        }
    }

    /// <summary>Judges the slices whose answers should be in.</summary>
    /// <param name="now">The time, µs.</param>
    /// <param name="roundTrip">The round-trip time as it was measured.</param>
    internal void Judge(long now, in RoundTrip roundTrip)
    {
        Advance(now);
        long patience = roundTrip.IsKnown ? Math.Min(roundTrip.Timeout, (2 * roundTrip.Smoothed) + 1_000) : 0;
        while (roundTrip.IsKnown && _judged < _current)
        {
            long end = _sliceStart - ((_current - _judged - 1) * _sliceLength);
            if (end + patience > now)
            {
                return;
            }

            Judge(_slices[_judged % Slices], end - _sliceLength, now, roundTrip);
            _judged++;
        }
    }

    private int Burst => (int)Math.Clamp(_rate / 100, _rate < 10 ? 1 : 16, 2048); // ten milliseconds: on a busy machine we get our turn no oftener

    private void Judge(in Slice slice, long start, long now, in RoundTrip roundTrip)
    {
        if (slice.Sent == 0 || start < _changedAt)
        {
            return; // of the rate before
        }

        double expected = _share * slice.Fresh;
        bool isTelling = _share > 0 && expected >= 16;
        bool isFewer = isTelling && slice.Answered < expected - (4 * Math.Sqrt(expected)) - (0.02 * expected);
        bool isLate = slice.Timed > 0 && slice.Times / slice.Timed > (2 * roundTrip.Shortest) + 5_000;
        _canaries.Take(slice.CanariesSent, slice.Canaries);
        if (!isLate && _canaries.IsNoneOfOurs)
        {
            _canaries.Learn();
            (_rate, _ceiling) = (_rateBefore, _ceilingBefore);
            _changedAt = now;
            return;
        }

        if (isLate || _canaries.IsUnusual || (isFewer && !OpenPortsAnswer))
        {
            // What came back is what the way carries. Once that is known, a few canaries more or less do not change it by half.
            double carried = Math.Clamp(isFewer && !OpenPortsAnswer ? slice.Answered / expected : isLate ? MildBackoff : _canaries.Delivered, IsUnknown ? 0.3 : 0.8, 1);
            GiveWay(now, isLate ? Backoff : MildBackoff * carried, carried);
            return;
        }

        if (isFewer && !_canaries.IsClear)
        {
            return; // congestion, or a target that counts its refusals: the next open ports that are asked will tell
        }

        if (slice.Fresh >= 64)
        {
            double share = (double)slice.Answered / slice.Fresh;
            _share = _share < 0 || isFewer ? share : (0.8 * _share) + (0.2 * share);
        }

        bool isFull = slice.Sent >= 0.7 * _rate * _sliceLength / 1e6; // else the rate was not what limited it
        if (isFull && (_canaries.IsClear || (isTelling && !isFewer) || slice.Answered >= 16))
        {
            _rate = Math.Min(_most, _rate * Step);
            _changedAt = now;
            _canaries.Begin(isInOrder: true);
            Stretch(now, roundTrip);
        }
    }

    /// <summary>By what the rate is raised: doubled until the way gives out for the first time, and gently near where it did.</summary>
    private double Step => IsUnknown ? 2 : _rate > 0.85 * _ceiling && _rate < 1.1 * _ceiling ? Creep : Climb;

    /// <summary>Whether the way never gave out yet.</summary>
    private bool IsUnknown => _ceiling == double.MaxValue;

    private void GiveWay(long now, double factor, double carried)
    {
        (_rateBefore, _ceilingBefore) = (_rate, _ceiling);
        _ceiling = IsUnknown ? _rate * carried : (_ceiling + (_rate * carried)) / 2;
        _rate = Math.Min(_most, Math.Max(_least, _rate * factor));
        _changedAt = now;
        _canaries.Begin(isInOrder: false);
        _tokens = 0;
    }

    /// <summary>Slices of a quarter of the round trip, so that each has enough probes and there are not too many.</summary>
    private void Stretch(long now, in RoundTrip roundTrip)
    {
        long length = Math.Clamp(roundTrip.Smoothed / 4, LeastSlice, 100_000);
        if (length > 2 * _sliceLength)
        {
            _sliceLength = length;
            _slices.AsSpan().Clear();
            _sliceStart = now;
            _current = 0;
            _judged = 0;
        }
    }

    private void Advance(long now)
    {
        while (now >= _sliceStart + _sliceLength)
        {
            if (now - _sliceStart > Slices * _sliceLength)
            {
                _sliceStart = now - (Slices * _sliceLength); // nobody asked for long: all that stands in the slices is over
            }

            _sliceStart += _sliceLength;
            _current++;
            _slices[_current % Slices] = default;
            _judged = Math.Max(_judged, _current - Slices + 1);
        }
    }

    /// <summary>What went out in one slice of time, and what came back for it.</summary>
    private struct Slice
    {
        internal int Sent;
        internal int Fresh;
        internal int Answered;
        internal int Canaries;
        internal int CanariesSent;
        internal int Timed;
        internal long Times;
    }
}
