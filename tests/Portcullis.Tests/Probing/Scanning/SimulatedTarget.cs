using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Probing.Scanning;

/// <summary>A target and the way to it, in memory and with a clock of its own: delay, loss, a narrow place with a queue before it.</summary>
internal sealed class SimulatedTarget(int seed = 7) : IProbeDoor, IProbeDoors
{
    private static readonly IpAddress s_address = IpAddress.Parse("192.0.2.7");
    private readonly PriorityQueue<ProbeAnswer, long> _answers = new();
    private readonly Random _chance = new(seed);
    private long _now = 1_000_000;
    private long _lineIsFree;

    /// <summary>What a port answers; null for nothing. It may ask the time.</summary>
    internal required Func<ushort, long, PortState?> Answer { get; init; }

    /// <summary>One way, µs.</summary>
    internal long Delay { get; init; } = 100;

    /// <summary>The share lost in each direction.</summary>
    internal double Loss { get; init; }

    /// <summary>How many packets a second the narrowest place carries.</summary>
    internal double Width { get; init; } = 500_000;

    /// <summary>How many packets can stand before it.</summary>
    internal int Queue { get; init; } = 10_000;

    /// <summary>How long a probe takes to be sent, µs.</summary>
    internal double Cost { get; init; } = 2;

    /// <summary>How many probes were sent, by port.</summary>
    internal int[] Probes { get; } = new int[65_536];

    /// <summary>Seconds since the beginning.</summary>
    internal double Seconds => (_now - 1_000_000) / 1e6;

    public long Now => _now;

    public bool IsLocal { get; init; }

    /// <summary>When the ways to it are cut, µs; null for never.</summary>
    internal long? CutAt { get; init; }

    /// <summary>Whether a neighbour vouches for it; null where nobody is there.</summary>
    internal bool? Vouch { get; init; } = true;

    /// <summary>What the questions to its open ports give; null for nothing.</summary>
    internal Func<ushort, DialogueResult?> Dialogue { get; init; } = static _ => null;

    /// <summary>Done before the open ports are asked what they are.</summary>
    internal Action BeforeDialogues { get; init; } = static () => { };

    /// <summary>The name by which its open ports were asked what they are.</summary>
    internal string? AskedHost { get; private set; }

    /// <summary>The interface by which they were.</summary>
    internal int AskedLink { get; private set; }

    /// <summary>When the canary was closed, µs; null where it was not.</summary>
    internal long? CanaryClosedAt { get; private set; }

    /// <summary>Who says that a port is unreachable.</summary>
    internal IpAddress Router { get; init; } = s_address;

    public bool IsOnLink { get; init; } = true;

    public IpAddress Source => IpAddress.Parse("10.0.0.1");

    public int Capacity { get; init; } = int.MaxValue;

    public ushort? Canary { get; init; }

    public void CloseCanary() => CanaryClosedAt = _now;

    public bool IsVouchedFor() => Vouch ?? throw new ProbeException("no host on the link answers");

    public bool Send(ReadOnlySpan<Probe> probes)
    {
        if (_now > CutAt)
        {
            throw new ProbeException("the cable is pulled");
        }

        double cost = 0;
        foreach (Probe probe in probes)
        {
            cost += Cost;
            long at = _now + (long)cost;
            Probes[probe.Port]++;
            _lineIsFree = Math.Max(_lineIsFree, at);
            if ((_lineIsFree - at) * Width / 1e6 >= Queue)
            {
                continue;
            }

            _lineIsFree += (long)(1e6 / Width) + (_chance.NextDouble() < 1e6 / Width % 1 ? 1 : 0);
            if (_chance.NextDouble() < Loss || Answer(probe.Port, _lineIsFree + Delay) is not PortState state || _chance.NextDouble() < Loss)
            {
                continue;
            }

            long back = _lineIsFree + (2 * Delay);
            _answers.Enqueue(new ProbeAnswer(probe, state, back, 64, state is PortState.Unknown or PortState.Rejected ? Router : s_address), back);
        }

        _now += (long)Math.Ceiling(cost);
        return false;
    }

    public int Receive(Span<ProbeAnswer> answers, long until)
    {
        _now++;
        if (_answers.TryPeek(out _, out long first) && first > _now && first <= until)
        {
            _now = first;
        }
        else if (_answers.Count == 0 || first > _now)
        {
            _now = Math.Max(_now, until);
            return 0;
        }

        int count = 0;
        while (count < answers.Length && _answers.TryPeek(out _, out long at) && at <= _now)
        {
            answers[count++] = _answers.Dequeue();
        }

        return count;
    }

    public bool HasRawPackets(out string why)
    {
        why = "";
        return true;
    }

    public bool IsThisMachine(IpAddress address) => false;

    public void AskAhead(IpAddress target, int link)
    {
    }

    public ImmutableArray<DialogueResult?> Identify(
        IpAddress target, int link, string? host, IReadOnlyList<(Protocol Protocol, ushort Port)> ports, Action<int>? progress, CancellationToken cancellation)
    {
        (AskedHost, AskedLink) = (host, link);
        BeforeDialogues();
        return [.. ports.Select(one => cancellation.IsCancellationRequested ? null : Dialogue(one.Port))];
    }

    public IProbeDoor Open(IpAddress target, int link, ProbeKind kind, ImmutableArray<ushort> asked) => this;

    public void Dispose()
    {
    }
}
