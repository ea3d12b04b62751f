using System;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>The share of probes to answering ports that got no answer: loss on the way there or back.</summary>
internal sealed class LossMeasure
{
    private const int Telling = 100;

    private int _lost;
    private int _answered;

    /// <summary>How many probes it rests on.</summary>
    internal int Sample => _lost + _answered;

    /// <summary>Whether these are enough to go by.</summary>
    internal bool IsTelling => Sample >= Telling;

    /// <summary>The share, cautiously: by Laplace's rule of succession, so that it is never 0, and ½ where nothing is known.</summary>
    internal double Estimate => (_lost + 1.0) / (Sample + 2.0);

    /// <summary>Counts probes.</summary>
    internal void Take(int lost, int answered)
    {
        _lost += lost;
        _answered += answered;
    }

    /// <summary>How many probes leave at most such a chance that all of them are lost.</summary>
    internal int ProbesFor(double chance, int least, int most)
    {
        // Where next to nothing is known, half would be far too much to assume: a tenth is a bad network.
        double loss = IsTelling ? Estimate : Math.Clamp(Estimate, 0.01, 0.1);
        int probes = (int)Math.Ceiling(Math.Log(chance) / Math.Log(loss));
        return Math.Clamp(probes, Math.Min(least, most), most);
    }
}
