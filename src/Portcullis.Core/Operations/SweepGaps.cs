using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Scanning;

namespace Portcullis.Core.Operations;

/// <summary>What a sweep could not find out, or what of it cannot be relied on, in words.</summary>
internal static class SweepGaps
{
    /// <summary>The gaps.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="isThere">Whether the target is known to be there.</param>
    /// <param name="kind">The kind of probes.</param>
    /// <param name="source">The address that was asked from.</param>
    /// <param name="failure">Why the sweep could not go on; null where it could.</param>
    internal static IEnumerable<Gap> Of(SweepResult result, bool isThere, ProbeKind kind, IpAddress source, string? failure)
    {
        int open = 0;
        int unknown = 0;
        foreach (ScannedPort port in result.Ports)
        {
            open += port.State == PortState.Open ? 1 : 0;
            unknown += port.State == PortState.Unknown ? 1 : 0;
        }

        if (!result.IsWhole)
        {
            yield return new Gap(Scan.Ports(unknown), failure ?? "the scan was interrupted", failure is null ? "let it come to its end" : null);
            yield break;
        }

        if (result.IsTarpit)
        {
            yield return new Gap(
                $"which of {Scan.Ports(open, "open ")} are real", "something says yes to nearly every port: a tarpit, or a middlebox that answers in the target's place",
                "look from the inside: portcullis audit on the target");
        }

        if (result.UndeliverableBy is IpAddress by)
        {
            yield return new Gap(
                Scan.Ports(result.NothingAnswered ? unknown : result.Undeliverable), by == source ? "this machine could not send to them" : $"{by} says that the target cannot be reached",
                by == source ? null : "see that it is up, and the way to it: portcullis trace TARGET:PORT --path");
            unknown -= result.Undeliverable;
        }

        if (result.CanaryWasMissed)
        {
            yield return new Gap(Scan.Ports(unknown, "silent "), "a port that the scan itself had opened was not found: its silence means nothing", "scan again, slower: --rate 1000");
        }
        else if (result.WentSilent)
        {
            yield return new Gap(
                Scan.Ports(unknown, "silent "), "ports that had answered did so no more at the end: the target, or something before it, may have shut this scan out",
                "scan again later and slower: --rate 100");
        }
        else if (result.RefusalsAreLimited)
        {
            yield return new Gap(
                Scan.Ports(unknown, "silent "), "the target limits how often it refuses, so silence may be an answer that it held back: open, closed or filtered",
                "scan slower (--rate 100), or fewer ports (-p)");
        }
        else if (result.TooMuchWasLost)
        {
            yield return new Gap(Scan.Ports(unknown, "silent "), "so much was lost on the way that their silence may be loss alone", "scan again, slower: --rate 1000");
        }

        if (kind != ProbeKind.Udp && result.NothingAnswered && !isThere)
        {
            yield return new Gap("whether the target is there", "no port answered at all: it drops everything, or is down", "ask it by a port that is known to be open, or look from its own network");
        }
    }
}
