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
        while (!cancellation.WaitHandle.WaitOne(Pause))
        {
            TraceReport next;
            string time = machines.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            try
            {
                next = TracePath.Add(machines.Traces, asked, last, cancellation);
            }
            catch (ProbeException refused)
            {
                Output.Write($"{time}  {refused.Message}\n", file: null);
                continue;
            }

            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            ImmutableArray<string> changes = RouteChanges.Between(last.Path, next.Path);
            foreach (string change in changes)
            {
                Output.Write($"{time}  {change}\n", file: null);
            }

            last = changes.IsEmpty ? last : next;
        }
    }
}
