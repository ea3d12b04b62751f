using System;
using System.Globalization;
using System.Text;
using System.Threading;
using Portcullis.Cli.Json;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary>Looks at a way again and again, and tells when it has changed.</summary>
internal static class PathWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Stays until it is cancelled, or until nobody reads any more.</summary>
    internal static void Run(IMachineSource machines, TraceRequest asked, TraceReport first, bool isJson, CancellationToken cancellation)
    {
        TraceWatch watch = new(first);
        while (!cancellation.WaitHandle.WaitOne(Pause))
        {
            foreach (string change in watch.Look(machines.Traces, asked, cancellation))
            {
                byte[] line = isJson
                    ? TraceJson.Change(asked.Name, machines.Now, change)
                    : Encoding.UTF8.GetBytes($"{machines.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {change}\n");
                if (!Output.TryWrite(line))
                {
                    return;
                }
            }
        }
    }
}
