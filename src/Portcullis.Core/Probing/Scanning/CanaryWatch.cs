using System;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>
/// Counts which of the questions to ports that answer (canaries) stayed unanswered since the rate was changed: about as many as at the
/// rates before, and the way carries this rate, too; more, and it does not.
/// </summary>
internal sealed class CanaryWatch
{
    private const int Some = 8;
    private const int Enough = 16;
    private const int Many = 128;

    private int _before;
    private int _lostBefore;
    private int _now;
    private int _lostNow;
    private int _suspect;
    private int _lostSuspect;

    /// <summary>Whether enough were asked at this rate, and no more than usual lost.</summary>
    internal bool IsClear => _now >= Enough && _lostNow <= Most(1);

    /// <summary>Whether so many were lost at this rate that it is not chance; never at the first rate, which there is nothing to compare with.</summary>
    internal bool IsUnusual => _before > 0 && _lostNow > Most(2.5) + 0.5;

    /// <summary>
    /// Whether as good as as many are lost as before the rate was lowered: then that was not for our haste, and lowering it again would help
    /// nothing. A narrow place that is overrun loses much less at three quarters of the rate, unless it loses most.
    /// </summary>
    internal bool IsNoneOfOurs => _suspect > 0 && (IsUnusual ? _now >= Some : _now >= 2 * Enough && !IsClear) && 2 * _lostNow < _now
        && (double)_lostNow / _now >= (_now >= Many ? 0.4 : 0.6) * _lostSuspect / _suspect;

    /// <summary>The share of those that usually come through that did so at this rate, 0 to 1.</summary>
    internal double Delivered => _now == 0 ? 1 : Math.Min(1, (_now - _lostNow) / (_now * (1 - Usual)));

    private double Usual => (_lostBefore + 0.5) / (_before + 1.0);

    private double Most(double deviations)
    {
        double expected = Usual * _now;
        double doubt = 1 + (_now / (_before + 1.0)); // what is usual is itself only known by a sample
        return expected + (deviations * Math.Sqrt(expected * (1 - Usual) * doubt)) + 0.5;
    }

    /// <summary>Counts those of a slice of time.</summary>
    internal void Take(int asked, int answered)
    {
        _now += asked;
        _lostNow += Math.Max(0, asked - answered);
    }

    /// <summary>The rate was changed: what was counted is what is usual, where it was in order, and is forgotten where not.</summary>
    internal void Begin(bool isInOrder)
    {
        if (isInOrder)
        {
            _before += _now;
            _lostBefore += _lostNow;
        }

        (_suspect, _lostSuspect) = isInOrder ? (0, 0) : (_now, _lostNow);
        _now = 0;
        _lostNow = 0;
    }

    /// <summary>What was lost before the rate was lowered, and since, is what is usual.</summary>
    internal void Learn()
    {
        _before += _suspect;
        _lostBefore += _lostSuspect;
        Begin(isInOrder: true);
    }
}
