using System;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>The round-trip time as it is measured, and how long to wait for an answer (RFC 6298, 2).</summary>
internal struct RoundTrip
{
    private readonly long _least;
    private readonly long _first;
    private double _smoothed;
    private double _variation;
    private long _shortestNow = long.MaxValue;
    private long _shortestBefore = long.MaxValue;
    private long _turnAt;

    /// <summary>Begins without a measurement.</summary>
    /// <param name="least">The least time to wait, µs.</param>
    /// <param name="first">The time to wait before any was measured, µs.</param>
    internal RoundTrip(long least, long first)
    {
        _least = least;
        _first = first;
    }

    /// <summary>Whether any was measured.</summary>
    internal readonly bool IsKnown => _smoothed > 0;

    /// <summary>The smoothed time, µs; 0 where none was measured.</summary>
    internal readonly long Smoothed => (long)_smoothed;

    /// <summary>The least that was seen in the last one to two seconds, µs: of late, since ways change and machines are busy.</summary>
    internal readonly long Shortest => Math.Min(_shortestNow, _shortestBefore);

    /// <summary>How long to wait for an answer, µs: at most three seconds.</summary>
    internal readonly long Timeout => IsKnown ? Math.Clamp((long)(_smoothed + (4 * _variation)), _least, 3_000_000) : _first;

    /// <summary>Takes a measurement.</summary>
    internal void Take(long sample, long now)
    {
        sample = Math.Max(1, sample);
        if (now >= _turnAt)
        {
            _turnAt = now + 1_000_000;
            _shortestBefore = _shortestNow;
            _shortestNow = sample;
        }

        _shortestNow = Math.Min(_shortestNow, sample);
        if (_smoothed <= 0)
        {
            _smoothed = sample;
            _variation = sample / 2.0;
            return;
        }

        _variation = (0.75 * _variation) + (0.25 * Math.Abs(_smoothed - sample));
        _smoothed = (0.875 * _smoothed) + (0.125 * sample);
    }
}
