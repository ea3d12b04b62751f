using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Who reaches the ports of one place: listeners there differ by their ports alone, and most ports no rule tells apart.</summary>
internal sealed class ExposedPlace
{
    private readonly int[] _lasts;
    private readonly Dictionary<int, ImmutableArray<Exposure>> _byRun = [];

    /// <summary>Makes it from the ways in to it.</summary>
    internal ExposedPlace(IEnumerable<EntranceView> ways)
    {
        SortedSet<int> lasts = [];
        foreach (EntranceView way in ways)
        {
            way.View?.AddPorts(lasts);
        }

        _lasts = [.. lasts];
    }

    /// <summary>What a place is, beside its port.</summary>
    internal readonly record struct Key(Protocol Protocol, AddressFamily Family, IpAddress? Address, string? Interface, Scope Scope);

    /// <summary>The exposure of a listener there.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="work">Works it out.</param>
    internal ImmutableArray<Exposure> Of(Listener listener, Func<Listener, ImmutableArray<Exposure>> work)
    {
        int run = Array.BinarySearch(_lasts, listener.Port);
        run = run < 0 ? ~run : run;
        if (!_byRun.TryGetValue(run, out ImmutableArray<Exposure> exposure))
        {
            _byRun[run] = exposure = work(listener);
        }

        return exposure;
    }
}
