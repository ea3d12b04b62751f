using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Scanning;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis scan</c>: which ports of a host answer, by asking each of them from outside.</summary>
public static class Scan
{
    /// <summary>The most probes a second where routers, and so others' tables of connections, stand between.</summary>
    public const double GentleRate = 2_000;

    private const double FirstRateOnLink = 50_000;
    private const double FirstRate = 500;
    private const double Unlimited = 5_000_000;
    private const int Batch = 128;
    private const int MostIdentified = 1_000;

    // What a Linux host answers of refusals over ICMP, once the first few are through: one a second to each other host, ten over
    // IPv6 (icmp(7): icmp_ratelimit; Documentation/networking/ip-sysctl: icmp.ratelimit). A little less, so that none is in vain.
    private const double UdpRate = 25;
    private const double RefusalRateV4 = 0.95;
    private const double RefusalRateV6 = 9;

    /// <summary>Scans one target.</summary>
    /// <param name="doors">The ways to probe.</param>
    /// <param name="request">What is to be scanned.</param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="cancellation">Ends the scan before its time; what is known by then is told.</param>
    /// <exception cref="ProbeException">Nothing can be sent to this target.</exception>
    public static ScanReport Of(IProbeDoors doors, ScanRequest request, Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(doors);
        ArgumentNullException.ThrowIfNull(request);
        List<ScannedPort> ports = [];
        List<Gap> gaps = [];
        ScanReport report = new() { Target = request.Target, Address = request.Address, Method = request.TcpPorts.IsEmpty ? null : request.Method };
        foreach ((ProbeKind kind, ImmutableArray<ushort> asked) in ((ProbeKind, ImmutableArray<ushort>)[])[(request.Method, request.TcpPorts), (ProbeKind.Udp, request.UdpPorts)])
        {
            if (asked.IsEmpty)
            {
                continue;
            }

            using IProbeDoor door = doors.Open(request.Address, kind, bait: kind != ProbeKind.Udp);
            long start = door.Now;
            SweepResult result = Run(door, PlanOf(door, request, kind, asked), progress, cancellation);
            ports.AddRange(result.Ports);
            gaps.AddRange(SweepGaps.Of(result, door.IsOnLink, kind));
            report = report with
            {
                Source = door.Source,
                Seconds = report.Seconds + ((door.Now - start) / 1e6),
                PacketsSent = report.PacketsSent + result.Sent,
                Loss = kind == ProbeKind.Udp ? report.Loss : result.Loss,
                MissChance = Math.Max(report.MissChance, kind == ProbeKind.Udp ? 0 : result.MissChance),
                ProbesForSilence = kind == ProbeKind.Udp ? report.ProbesForSilence : result.ProbesForSilence,
                WasInterrupted = report.WasInterrupted || !result.IsWhole,
            };
        }

        if (request.Identify && !cancellation.IsCancellationRequested)
        {
            Identify(doors, request, ports, gaps, progress, cancellation);
        }

        return report with { Ports = [.. ports], Gaps = [.. gaps] };
    }

    /// <summary>How long an honest sweep of so many UDP ports takes where all of them are closed, in seconds.</summary>
    public static double UdpSeconds(int ports, IpVersion version) => ports / (version == IpVersion.V4 ? RefusalRateV4 : RefusalRateV6);

    /// <summary>Says a count with its thousands apart, as people read it.</summary>
    internal static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Identify(IProbeDoors doors, ScanRequest request, List<ScannedPort> ports, List<Gap> gaps, Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        List<int> open = [];
        for (int at = 0; at < ports.Count; at++)
        {
            if (ports[at].State == PortState.Open && open.Count < MostIdentified)
            {
                open.Add(at);
            }
        }

        List<(Protocol, ushort)> asked = open.ConvertAll(at => (ports[at].Protocol, ports[at].Port));
        string? host = IpAddress.TryParse(request.Target, out _) ? null : request.Target;
        ImmutableArray<DialogueResult?> results = doors.Identify(request.Address, host, asked, done => progress?.Invoke(new ScanProgress(done, asked.Count, 0)), cancellation);
        int unsure = 0;
        for (int at = 0; at < open.Count; at++)
        {
            ports[open[at]] = ports[open[at]] with { Dialogue = results[at] };
            unsure += results[at] is null or { End: DialogueEnd.GivenUp } ? 1 : 0;
        }

        int left = ports.FindAll(static port => port.State == PortState.Open).Count - open.Count;
        if (unsure + left > 0)
        {
            gaps.Add(new Gap($"what answers on {Number(unsure + left)} of the open ports", left > 0 ? "there are too many" : "they took too long to say anything, or the scan was interrupted", "scan them alone: -p PORT --identify"));
        }
    }

    private static SweepPlan PlanOf(IProbeDoor door, ScanRequest request, ProbeKind kind, ImmutableArray<ushort> asked)
    {
        double most = request.Rate ?? (kind == ProbeKind.Udp && !door.IsLocal ? UdpRate : door.IsOnLink ? Unlimited : GentleRate);
        ImmutableArray<ushort> ports = door.Canary is ushort canary && !asked.Contains(canary) ? [.. asked, canary] : asked;
        return new SweepPlan
        {
            Kind = kind,
            Ports = ports,
            Seed = request.Seed,
            FirstRate = Math.Min(most, door.IsOnLink ? FirstRateOnLink : FirstRate),
            MostRate = most,
            RefusalRate = kind != ProbeKind.Udp || door.IsLocal ? null : request.Address.Version == IpVersion.V4 ? RefusalRateV4 : RefusalRateV6,
            FirstTimeout = kind == ProbeKind.Udp ? 1_000_000 : door.IsOnLink ? 250_000 : 1_000_000, // RFC 6298, 2.1, where nothing is known of the way
            LeastTimeout = kind == ProbeKind.Udp ? 1_000_000 : 60_000, // a service may have to look something up before it answers
            MostProbes = kind == ProbeKind.Udp ? 3 : 10,
            Capacity = door.Capacity,
            Canary = door.Canary,
        };
    }

    private static SweepResult Run(IProbeDoor door, SweepPlan plan, Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        Sweep sweep = new(plan, door.Now);
        Probe[] probes = new Probe[Batch];
        ProbeAnswer[] answers = new ProbeAnswer[Batch];
        long told = 0;
        while (!sweep.IsDone && !cancellation.IsCancellationRequested)
        {
            long now = door.Now;
            int count = sweep.Next(now, probes);
            if (count > 0 && door.Send(probes.AsSpan(0, count)))
            {
                sweep.Stalled(now);
            }

            int answered;
            long until = count > 0 ? 0 : sweep.WakeAt(now);
            while ((answered = door.Receive(answers, until)) > 0)
            {
                foreach (ref readonly ProbeAnswer answer in answers.AsSpan(0, answered))
                {
                    sweep.Take(answer);
                }

                until = 0;
                if (answered < answers.Length)
                {
                    break;
                }
            }

            if (progress is not null && now - told > 100_000)
            {
                progress(new ScanProgress(sweep.Decided, plan.Ports.Length, sweep.Rate));
                told = now;
            }
        }

        return sweep.Result();
    }
}
