using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>Asks many open ports what answers there, over the kernel's own sockets: no rights are needed.</summary>
public static class Identifier
{
    /// <summary>Asks all of them, many at a time.</summary>
    /// <param name="targets">The ports.</param>
    /// <param name="options">How they are asked.</param>
    /// <param name="progress">Told of each as soon as it is done, from any thread, one at a time; null for nobody.</param>
    /// <param name="cancellation">Ends the questions: those not done have no result.</param>
    /// <returns>In the order of the targets what came of each; null for those that were not done when it was cancelled.</returns>
    public static async Task<ImmutableArray<DialogueResult?>> Identify(
        IReadOnlyList<IdentifyTarget> targets, IdentifyOptions options, Action<int, DialogueResult>? progress, CancellationToken cancellation)
    {
        DialogueResult?[] results = new DialogueResult?[targets.Count];
        using SemaphoreSlim all = new(options.MostPorts);
        ConcurrentDictionary<IPAddress, SemaphoreSlim> hosts = new();
        Lock telling = new();
        Task[] tasks = new Task[targets.Count];
        for (int at = 0; at < targets.Count; at++)
        {
            tasks[at] = One(at);
        }

        await Task.WhenAll(tasks);
        foreach (SemaphoreSlim host in hosts.Values)
        {
            host.Dispose();
        }

        return [.. results];

        async Task One(int at)
        {
            IdentifyTarget target = targets[at];
            SemaphoreSlim host = hosts.GetOrAdd(target.Address, _ => new SemaphoreSlim(options.MostPortsOfHost));
            try
            {
                using Turn first = await Turn.Take(host, cancellation);
                using Turn second = await Turn.Take(all, cancellation);
                DialogueResult result = target.Protocol == Protocol.Udp
                    ? await DatagramDriver.Ask(target, options, cancellation)
                    : await DialogueDriver.Run(target, options, cancellation);
                results[at] = result;
                if (progress is not null)
                {
                    lock (telling)
                    {
                        progress(at, result);
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // What is not known yet stays unknown.
            }
        }
    }
}
