using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Probing.Routes;

namespace Portcullis.Cli;

/// <summary>Looks at a way again and again, and tells when it has changed.</summary>
internal static class PathWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Stays until it is cancelled.</summary>
    internal static void Run(IMachineSource machines, TraceRequest asked, TraceReport first, CancellationToken cancellation)
    {
        TraceReport last = first;
        string? refusal = null;
        while (!cancellation.WaitHandle.WaitOne(Pause))
        {
            TraceReport next;
            try
            {
                next = TracePath.Add(machines.Traces, asked, last, cancellation);
            }
            catch (ProbeException refused)
            {
                Tell(machines, refused.Message == refusal ? [] : [refused.Message]);
                refusal = refused.Message;
                continue;
            }

            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            bool isSameFlows = last.PathPort == next.PathPort;
            Tell(machines, RouteChanges.Between(last.Path, next.Path, isSameFlows));
            last = next with { Path = RouteChanges.Remember(last.Path, next.Path, isSameFlows) };
            refusal = null;
        }
    }

    private static void Tell(IMachineSource machines, ImmutableArray<string> lines)
    {
        string time = machines.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        foreach (string line in lines)
        {
            Output.Write($"{time}  {line}\n", file: null);
        }
    }
}
