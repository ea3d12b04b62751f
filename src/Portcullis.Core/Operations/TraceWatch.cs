using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Routes;

namespace Portcullis.Core.Operations;

/// <summary>Looks at a way again and again, and tells what has changed.</summary>
/// <param name="first">The trace with the first look.</param>
public sealed class TraceWatch(TraceReport first)
{
    private TraceReport _last = first;
    private string? _trouble; // why the last look failed

    /// <summary>Looks again.</summary>
    /// <param name="doors">The ways to see a connection.</param>
    /// <param name="request">What is traced.</param>
    /// <param name="cancellation">Ends it before its time; nothing is told of half a look.</param>
    /// <returns>A line for each change; that the way cannot be looked at is told once, and so is that it can be again.</returns>
    public ImmutableArray<string> Look(ITraceDoors doors, TraceRequest request, CancellationToken cancellation)
    {
        TraceReport next = TracePath.Add(doors, request, _last with { Gaps = [] }, cancellation);
        if (cancellation.IsCancellationRequested)
        {
            return [];
        }

        string? before = _trouble;
        _trouble = next.Gaps.IsEmpty ? null : next.Gaps[0].Why;
        if (_trouble is not null)
        {
            return _trouble == before ? [] : [_trouble];
        }

        bool isSameFlows = _last.PathPort == next.PathPort;
        ImmutableArray<string> changes = RouteChanges.Between(_last.Path, next.Path, isSameFlows);
        _last = next with { Path = RouteChanges.Remember(_last.Path, next.Path, isSameFlows) };
        return before is null ? changes : ["packets go out to it again", .. changes];
    }
}
