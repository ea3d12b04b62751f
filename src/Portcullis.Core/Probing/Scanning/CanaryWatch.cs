using System;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>
/// Counts which of the questions to answering ports stay unanswered: more than usual lately means congestion; all of them, that the
/// target answers us no more.
/// </summary>
internal sealed class CanaryWatch
{
    private const int Window = 16;

    private int _all;
    private int _lost;
    private int _recent;
    private int _recentLost;

    /// <summary>How many in a row stayed unanswered.</summary>
    internal int LostInARow { get; private set; }

    /// <summary>Whether those of late were answered as usual.</summary>
    internal bool IsHealthy => _recent >= 4 && !IsUnusual;

    private bool IsUnusual
    {
        get
        {
            double usual = (_lost + 0.5) / (_all + 1.0) * _recent;
            return _recentLost > usual + (3 * Math.Sqrt(usual)) + 1;
        }
    }

    /// <summary>Counts one; true where too many of late were lost for it to be chance, and the count begins anew.</summary>
    internal bool Take(bool isLost)
    {
        _recent++;
        _recentLost += isLost ? 1 : 0;
        LostInARow = isLost ? LostInARow + 1 : 0;
        bool isUnusual = isLost && IsUnusual;
        if (isUnusual || _recent >= Window)
        {
            // What was unusual does not become the usual.
            _all += isUnusual ? 0 : _recent;
            _lost += isUnusual ? 0 : _recentLost;
            _recent = 0;
            _recentLost = 0;
        }

        return isUnusual;
    }

    /// <summary>Begins to count in a row again.</summary>
    internal void Forgive() => LostInARow = 0;
}
