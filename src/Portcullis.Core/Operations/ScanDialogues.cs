using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>The second part of a scan: what answers on the ports that were found open.</summary>
internal static class ScanDialogues
{
    private const int Most = 1_000;

    /// <summary>Asks them; tells whether it came to its end.</summary>
    /// <param name="doors">The ways to ask.</param>
    /// <param name="request">What is scanned.</param>
    /// <param name="ports">The ports; those that were asked are told what came of it.</param>
    /// <param name="gaps">Gets what could not be found out.</param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="cancellation">Ends it before its time.</param>
    internal static bool Hold(IProbeDoors doors, ScanRequest request, List<ScannedPort> ports, List<Gap> gaps, Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        List<int> open = [];
        for (int at = 0; at < ports.Count; at++)
        {
            if (ports[at].State == PortState.Open)
            {
                open.Add(at);
            }
        }

        int left = Math.Max(0, open.Count - Most);
        open.RemoveRange(open.Count - left, left);
        List<(Protocol, ushort)> asked = open.ConvertAll(at => (ports[at].Protocol, ports[at].Port));
        string? host = request.Link > 0 || IpAddress.TryParse(request.Target, out _) ? null : request.Target;
        ImmutableArray<DialogueResult?> results = cancellation.IsCancellationRequested
            ? [.. new DialogueResult?[asked.Count]]
            : doors.Identify(request.Address, request.Link, host, asked, done => progress?.Invoke(new ScanProgress(done, asked.Count, 0)), cancellation);
        int undone = 0;
        int slow = 0;
        int refused = 0;
        for (int at = 0; at < open.Count; at++)
        {
            ports[open[at]] = ports[open[at]] with { Dialogue = results[at] };
            undone += results[at] is null ? 1 : 0;
            slow += results[at]?.End == DialogueEnd.GivenUp ? 1 : 0;
            refused += results[at]?.End == DialogueEnd.NotConnected ? 1 : 0;
        }

        Tell(gaps, left, "there are too many", "scan them alone: -p PORT --identify");
        Tell(gaps, undone, "the scan was interrupted", "let it come to its end");
        Tell(gaps, slow, "the questions were given up before all of them were asked", "scan them alone: -p PORT --identify");
        Tell(gaps, refused, "they answered the scan, and then no ordinary connection could be made: something on the way tells the two apart, or they are closed by now", "look from the inside: portcullis audit on the target");
        return undone == 0;
    }

    private static void Tell(List<Gap> gaps, int count, string why, string remedy)
    {
        if (count > 0)
        {
            gaps.Add(new Gap($"what answers on {Scan.Number(count)} of the open ports", why, remedy));
        }
    }
}
