namespace Portcullis.Core.Probing.Scanning;

/// <summary>The share of questions to answering ports that got no answer of late: loss on the way there or back.</summary>
internal sealed class LossMeasure
{
    private const double Memory = 512;

    // Where nothing is known yet, a bad network is assumed: one in ten.
    private const double AssumedLost = 0.5;
    private const double Assumed = 5;

    private double _lost;
    private double _all;

    /// <summary>Whether it rests on any.</summary>
    internal bool IsKnown => _all > 0;

    /// <summary>The share, cautiously: never 0.</summary>
    internal double Estimate => (_lost + AssumedLost) / (_all + Assumed);

    /// <summary>Counts one; the older weigh less and less.</summary>
    internal void Take(bool isLost)
    {
        const double Keep = 1 - (1 / Memory);
        _lost = (_lost * Keep) + (isLost ? 1 : 0);
        _all = (_all * Keep) + 1;
    }
}
