using System.Collections.Generic;

namespace Portcullis.Core.Firewall;

/// <summary>Gathers the intervals of one dimension, in units of its leading bits.</summary>
/// <param name="shift">The bits of the dimension behind those, 0 to 64.</param>
/// <param name="width">The bytes of the dimension, 1 to 8.</param>
internal sealed class Branches(int shift, int width)
{
    private readonly List<ulong> _lasts = [];
    private readonly List<int> _diagrams = [];
    private ulong _next;

    /// <summary>One diagram for the units before, another for a unit.</summary>
    internal void Add(ulong unit, int before, int at)
    {
        if (unit > _next)
        {
            _lasts.Add(End(unit - 1, shift, width));
            _diagrams.Add(before);
        }

        _lasts.Add(End(unit, shift, width));
        _diagrams.Add(at);
        _next = unit + 1;
    }

    /// <summary>The node, with a diagram for the units that are left.</summary>
    internal int Finish(DiagramStore store, int rank, int rest)
    {
        if (_lasts[^1] != ulong.MaxValue)
        {
            _lasts.Add(ulong.MaxValue);
            _diagrams.Add(rest);
        }

        return store.Branch(rank, [.. _lasts], [.. _diagrams]);
    }

    /// <summary>The last value whose leading bits are a number.</summary>
    internal static ulong End(ulong units, int shift, int width)
    {
        ulong end = shift == 64 ? ulong.MaxValue : (units << shift) | ((1UL << shift) - 1);
        return width < 8 && end == (1UL << (width * 8)) - 1 ? ulong.MaxValue : end;
    }
}
