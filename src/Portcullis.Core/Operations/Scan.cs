using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
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
        bool hasAnswered = false;
        foreach ((ProbeKind kind, ImmutableArray<ushort> asked) in ((ProbeKind, ImmutableArray<ushort>)[])[(request.Method, request.TcpPorts), (ProbeKind.Udp, request.UdpPorts)])
        {
            try
            {
                report = asked.IsEmpty ? report : Part(doors, request, report, kind, asked, ports, gaps, ref hasAnswered, progress, cancellation);
            }
            catch (ProbeException refused) when (hasAnswered)
            {
                // What was found before is worth telling.
                Protocol protocol = kind == ProbeKind.Udp ? Protocol.Udp : Protocol.Tcp;
                ports.AddRange(asked.Select(port => new ScannedPort(protocol, port, PortState.Unknown)));
                gaps.Add(new Gap(Ports(asked.Length), refused.Message, null));
            }
        }

        bool isWhole = !request.Identify || ScanDialogues.Hold(doors, request, ports, gaps, progress, cancellation);
        return report with { Ports = [.. ports], Gaps = [.. gaps], WasInterrupted = report.WasInterrupted || !isWhole };
    }

    private static ScanReport Part(
        IProbeDoors doors, ScanRequest request, ScanReport report, ProbeKind kind, ImmutableArray<ushort> asked, List<ScannedPort> ports, List<Gap> gaps, ref bool hasAnswered,
        Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        using IProbeDoor door = doors.Open(request.Address, request.Link, kind, asked);
        long start = door.Now;
        SweepPlan plan = PlanOf(door, request, kind, asked);
        SweepResult result = Run(door, plan, progress, out string? failure, cancellation);
        hasAnswered |= !result.NothingAnswered;
        if (failure is not null && !hasAnswered)
        {
            throw new ProbeException(failure);
        }

        // A sweep of this machine may find a port that another one has opened for a moment, as ours does.
        SweepResult? again = door.IsLocal && kind != ProbeKind.Udp && failure is null
            ? Again(door, plan, result, cancellation)
            : null;
        ports.AddRange(again is null ? result.Ports : Renewed(result.Ports, again.Ports));
        bool isThere = hasAnswered || !result.IsWhole || door.IsVouchedFor();
        gaps.AddRange(SweepGaps.Of(result, isThere, kind, door.Source, failure));
        return report with
        {
            Source = door.Source,
            Seconds = report.Seconds + ((door.Now - start) / 1e6),
            PacketsSent = report.PacketsSent + result.Sent + (again?.Sent ?? 0),
            Loss = kind == ProbeKind.Udp ? report.Loss : result.Loss,
            MissChance = kind == ProbeKind.Udp ? report.MissChance : result.MissChance,
            ProbesForSilence = kind == ProbeKind.Udp ? report.ProbesForSilence : result.ProbesForSilence,
            WasInterrupted = report.WasInterrupted || (!result.IsWhole && failure is null),
        };
    }

    private static SweepResult? Again(IProbeDoor door, SweepPlan plan, SweepResult first, CancellationToken cancellation)
    {
        ImmutableArray<ushort> open = [.. first.Ports.Where(static port => port.State == PortState.Open).Select(static port => port.Port)];
        SweepResult? again = open.IsEmpty ? null : Run(door, plan with { Ports = open, Canary = null, CanaryIsAsked = false }, progress: null, out _, cancellation);
        return again is { IsWhole: true } ? again : null;
    }

    private static IEnumerable<ScannedPort> Renewed(IEnumerable<ScannedPort> ports, IReadOnlyList<ScannedPort> again)
    {
        Dictionary<ushort, ScannedPort> gone = again.Where(static port => port.State == PortState.Closed).ToDictionary(static port => port.Port);
        return ports.Select(port => gone.GetValueOrDefault(port.Port) ?? port);
    }

    /// <summary>How long an honest sweep of so many UDP ports takes where all of them are closed, in seconds.</summary>
    public static double UdpSeconds(int ports, IpVersion version) => ports / (version == IpVersion.V4 ? RefusalRateV4 : RefusalRateV6);

    /// <summary>Says a count with its thousands apart, as people read it.</summary>
    internal static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 port", "65,435 silent ports".</summary>
    internal static string Ports(int count, string kind = "") => $"{Number(count)} {kind}port{(count == 1 ? "" : "s")}";

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
            CanaryRest = kind == ProbeKind.Connect ? 250_000 : 0,
            Canary = door.Canary,
            CanaryIsAsked = ports.Length == asked.Length,
        };
    }

    private static SweepResult Run(IProbeDoor door, SweepPlan plan, Action<ScanProgress>? progress, out string? failure, CancellationToken cancellation)
    {
        Sweep sweep = new(plan, door.Now);
        failure = null;
        try
        {
            Run(door, sweep, plan.Ports.Length, progress, cancellation);
        }
        catch (ProbeException refused)
        {
            failure = refused.Message;
        }

        return sweep.Result();
    }

    private static void Run(IProbeDoor door, Sweep sweep, int asked, Action<ScanProgress>? progress, CancellationToken cancellation)
    {
        Probe[] probes = new Probe[Batch];
        ProbeAnswer[] answers = new ProbeAnswer[Batch];
        long told = 0;
        bool isCanaryOpen = door.Canary is not null;
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

            if (isCanaryOpen && sweep.HasFoundCanary)
            {
                door.CloseCanary();
                isCanaryOpen = false;
            }

            if (progress is not null && now - told > 100_000)
            {
                progress(new ScanProgress(sweep.Decided, asked, sweep.Rate));
                told = now;
            }
        }
    }
}
