using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>
/// Asks every port of a target as often as it takes to know: a pure step machine. Time comes in as a parameter, probes go out
/// through <see cref="Next"/>, answers come in by <see cref="Take"/>.
/// </summary>
/// <remarks>
/// Every port is asked once, in random order; those that stay silent are asked again, as often as the loss that was measured makes it
/// unlikely (<see cref="AcceptedMiss"/>) that an open one was silent by chance alone. What is known to answer is asked again all the
/// while (canaries): by that loss is measured, congestion seen, and a target noticed that stops answering us half-way.
/// </remarks>
public sealed partial class Sweep
{
    /// <summary>The chance that an open port is taken for silent which a sweep accepts.</summary>
    public const double AcceptedMiss = 3e-5;

    /// <summary>The chance up to which a port is still called silent where more questions were not worth their time.</summary>
    private const double ToleratedMiss = 1e-3;

    /// <summary>
    /// The state of a port of which somebody said that its host cannot be reached. That is no word of a firewall, and of the port it
    /// says nothing: it is told as unknown.
    /// </summary>
    private const PortState Undeliverable = (PortState)int.MaxValue;

    // A router looks for a host three times, a second each (ucast_solicit, mcast_solicit and retrans_time_ms of arp(7); RFC 4861, section 10),
    // before it says that there is none; and then it takes the way back.
    private const long NeighbourSearch = 3_600_000;

    private const double GoldenRatio = 0.618033988749895; // multiples of it spread most evenly over 0 to 1

    private readonly SweepPlan _plan;
    private readonly ushort[] _ports;
    private readonly int[] _slots;
    private readonly PortState[] _states;
    private readonly byte[] _probes;
    private readonly long[] _sentAt;
    private readonly int[] _times;
    private readonly byte[] _hops;
    private readonly float[] _doubts;
    private readonly bool[] _inFlight;
    private readonly Dictionary<ushort, IpAddress> _by = [];
    private readonly Ring _outstanding;
    private readonly Ring _again;
    private readonly Pace _pace;
    private readonly LossMeasure _loss = new();
    private readonly Canaries _canaries;
    private readonly long _begunAt;
    private RoundTrip _roundTrip;
    private bool _maySomebodySpeak;
    private double _place;
    private int _fresh;
    private int _unanswered;
    private int _silent;
    private int _lateRefusals;
    private int _refused;

    /// <summary>Begins.</summary>
    /// <param name="plan">What is to be found out.</param>
    /// <param name="now">The time, µs.</param>
    public Sweep(SweepPlan plan, long now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _ports = Shuffle.Of(plan.Ports, plan.Seed);
        int canary = plan.Canary is ushort port ? Array.IndexOf(_ports, port) : -1;
        if (canary > 0)
        {
            (_ports[0], _ports[canary]) = (_ports[canary], _ports[0]); // first, so that it need not stay open for long
        }

        _slots = new int[65_536];
        for (int at = 0; at < _slots.Length; at++)
        {
            _slots[at] = -1; // Array.Fill is compiled when it is first called, and takes longer
        }

        for (int slot = 0; slot < _ports.Length; slot++)
        {
            _slots[_ports[slot]] = slot;
        }

        _states = new PortState[_ports.Length];
        _probes = new byte[_ports.Length];
        _sentAt = new long[_ports.Length];
        _times = new int[_ports.Length];
        _hops = new byte[_ports.Length];
        _doubts = new float[_ports.Length];
        for (int slot = 0; slot < _doubts.Length; slot++)
        {
            _doubts[slot] = 1;
        }

        _inFlight = new bool[_ports.Length];
        _outstanding = new Ring(_ports.Length + 1);
        _again = new Ring(_ports.Length + 1);
        _roundTrip = new RoundTrip(plan.LeastTimeout, plan.FirstTimeout);
        _canaries = new Canaries(plan.CanaryRest);
        _begunAt = now;
        _pace = new Pace(now, plan.FirstRate, plan.MostRate);
    }

    /// <summary>Whether all is known that will be.</summary>
    public bool IsDone => (IsAllAsked && !_maySomebodySpeak && (_silent == 0 || _plan.Kind == ProbeKind.Udp || _canaries.AreSettled)) || _canaries.AreShutOut;

    /// <summary>Whether any port answered.</summary>
    public bool HasAnswers => _canaries.Exist;

    /// <summary>Whether the canary was found.</summary>
    public bool HasFoundCanary => _plan.Canary is ushort canary && _slots[canary] is >= 0 and int slot && _states[slot] == PortState.Open;

    /// <summary>How many ports are decided: answered, or asked as often as need be.</summary>
    public int Decided { get; private set; }

    /// <summary>How many probes went out.</summary>
    public long Sent { get; private set; }

    /// <summary>Probes a second, at present.</summary>
    public double Rate => _pace.Rate;

    /// <summary>The probes to send now; tells how many.</summary>
    public int Next(long now, Span<Probe> to)
    {
        Expire(now);
        _maySomebodySpeak = _silent == _ports.Length && now - _begunAt < NeighbourSearch;
        _pace.Judge(now, _roundTrip);
        int allowed = Math.Min(Math.Min(to.Length, _pace.Allowed(now)), _plan.Capacity - _unanswered);
        int count = 0;
        int fresh = 0;
        int canaries = 0;
        if (allowed > 0 && _plan.Kind != ProbeKind.Udp && _canaries.AreDue(now) && !IsDone)
        {
            (int slot, byte attempt) = _canaries.Ask(now, _roundTrip.Timeout, _roundTrip.Smoothed, _pace.Rate, IsAllAsked);
            to[count++] = new Probe(_ports[slot], attempt);
            canaries++;
        }

        allowed = _canaries.IsSuspended ? count : allowed;
        if (_fresh == _ports.Length && _refused > 0 && _plan.RefusalRate is double rate)
        {
            _pace.Limit(rate); // a silent port may be one whose refusal was held back: only as fast as these come it can be told
        }

        while (count < allowed && _fresh < _ports.Length)
        {
            to[count++] = Ask(_fresh++, now);
            fresh++;
        }

        while (count < allowed && !_again.IsEmpty)
        {
            int slot = _again.Take();
            if (_states[slot] == PortState.Unknown)
            {
                to[count++] = Ask(slot, now);
            }
        }

        if (canaries > 0)
        {
            // Anywhere among the others: the first of a burst meets the emptiest queue, and would tell of less loss than the others meet.
            _place = (_place + GoldenRatio) % 1;
            int place = (int)(_place * count);
            (to[0], to[place]) = (to[place], to[0]);
        }

        if (count > 0)
        {
            _pace.Sent(now, count, fresh, canaries);
            Sent += count;
        }

        return count;
    }

    /// <summary>Notes that the machine itself could not send so fast.</summary>
    public void Stalled(long now) => _pace.GiveWay(now);

    /// <summary>When to ask <see cref="Next"/> again, if nothing comes before.</summary>
    public long WakeAt(long now)
    {
        bool isWaiting = _canaries.IsSuspended || (_fresh == _ports.Length && _again.IsEmpty);
        bool isFull = _unanswered >= _plan.Capacity;
        long expiry = _outstanding.IsEmpty ? long.MaxValue : _sentAt[_outstanding.First] + _roundTrip.Timeout;
        long canary = _plan.Kind == ProbeKind.Udp ? long.MaxValue : _canaries.WakeAt(now);
        long send = isWaiting || isFull ? long.MaxValue : _pace.Next(now);
        return Math.Min(Math.Min(expiry, canary), Math.Min(send, now + 100_000));
    }

    /// <summary>Takes an answer; one to a probe that was not sent is ignored.</summary>
    public void Take(in ProbeAnswer answer)
    {
        int slot = _slots[answer.Probe.Port];
        if (slot < 0 || (_probes[slot] == 0 && _states[slot] == PortState.Unknown))
        {
            return;
        }

        if (answer.Probe.Attempt >= Canaries.FirstAttempt)
        {
            TakeCanary(answer, slot);
            return;
        }

        PortState said = answer.State == PortState.Unknown ? Undeliverable : answer.State;
        PortState before = _states[slot];
        bool isNews = before is PortState.Unknown or PortState.Filtered || (before == Undeliverable && said != Undeliverable) || (before != PortState.Open && said == PortState.Open);
        if (answer.Probe.Attempt >= _probes[slot] || !isNews)
        {
            return;
        }

        _states[slot] = said;
        _hops[slot] = answer.Hops;
        if (said is PortState.Rejected or Undeliverable)
        {
            _by[answer.Probe.Port] = answer.By;
        }
        else if (_by.Count > 0)
        {
            _by.Remove(answer.Probe.Port);
        }

        if (answer.Probe.Attempt == _probes[slot] - 1 && said != Undeliverable)
        {
            long time = answer.At - _sentAt[slot];
            _times[slot] = (int)Math.Clamp(time, 1, int.MaxValue);
            _roundTrip.Take(time, answer.At);
            _pace.Answered(_sentAt[slot], answer.At, answer.Probe.Attempt == 0, isCanary: false);
        }

        if (before == PortState.Unknown)
        {
            Decided++;
            Land(slot);
        }

        _silent -= before == PortState.Filtered ? 1 : 0; // given up too soon
        if (before is PortState.Unknown or PortState.Filtered or Undeliverable && said != Undeliverable)
        {
            Settle(slot, answer);
        }
    }

    private bool IsAllAsked => _fresh == _ports.Length && _again.IsEmpty && _outstanding.IsEmpty;

    private Probe Ask(int slot, long now)
    {
        Probe probe = new(_ports[slot], _probes[slot]++);
        _sentAt[slot] = now;
        _outstanding.Add(slot);
        _inFlight[slot] = true;
        _unanswered++;
        return probe;
    }

    /// <summary>No answer is awaited any more; one that comes all the same counts.</summary>
    private void Land(int slot)
    {
        _unanswered -= _inFlight[slot] ? 1 : 0;
        _inFlight[slot] = false;
    }

    private void Settle(int slot, in ProbeAnswer answer)
    {
        bool isRefusal = answer.State != PortState.Open;
        _refused += isRefusal ? 1 : 0;
        _lateRefusals += isRefusal && _probes[slot] > 1 ? 1 : 0;
        for (int lost = 1; lost < _probes[slot] && !isRefusal; lost++)
        {
            _loss.Take(isLost: true); // refusals may have been held back instead
        }

        bool staysOpen = !isRefusal && _ports[slot] != _plan.Canary; // that one is closed as soon as it is found, and refuses
        _canaries.Add(slot, staysOpen);
        _pace.OpenPortsAnswer |= staysOpen;
    }

    /// <summary>What was asked too long ago is asked again, or given up.</summary>
    private void Expire(long now)
    {
        long timeout = _roundTrip.Timeout;

        // Where nearly all ports answer, one that does not is more likely to have been lost than to be silent: it takes more to believe it.
        int answered = Decided - _silent;
        double odds = Math.Max(1, (double)answered / (_fresh - answered + 1));
        while (!_outstanding.IsEmpty)
        {
            int slot = _outstanding.First;
            bool isAnswered = _states[slot] != PortState.Unknown;
            if (!isAnswered && _sentAt[slot] + timeout > now)
            {
                break;
            }

            _outstanding.Take();
            if (isAnswered)
            {
                continue;
            }

            Land(slot);
            _doubts[slot] *= (float)_loss.Estimate;
            bool isCertain = _doubts[slot] * odds <= AcceptedMiss && _probes[slot] >= _plan.LeastProbes;
            if (!isCertain && _probes[slot] < _plan.MostProbes)
            {
                _again.Add(slot);
            }
            else
            {
                _states[slot] = PortState.Filtered;
                _silent++;
                Decided++;
            }
        }

        for (int lost = _canaries.Expire(now, timeout); lost > 0; lost--)
        {
            _loss.Take(isLost: true);
        }
    }

    private void Reopen(int slot)
    {
        _states[slot] = PortState.Unknown;
        _silent--;
        Decided--;
        _again.Add(slot);
    }

    /// <summary>The silence is over: what was asked into it has not been asked.</summary>
    private void Resume()
    {
        for (int slot = 0; slot < _states.Length; slot++)
        {
            if (_states[slot] == PortState.Filtered && _sentAt[slot] > _canaries.AnsweredAt)
            {
                _probes[slot] = 0;
                _doubts[slot] = 1;
                Reopen(slot);
            }
        }
    }

    private void TakeCanary(in ProbeAnswer answer, int slot)
    {
        bool wasSuspended = _canaries.IsSuspended;
        if (_canaries.Take(slot, answer.Probe.Attempt, IsAllAsked) is not long sentAt)
        {
            return;
        }

        if (wasSuspended)
        {
            Resume();
        }

        _canaries.Heard(sentAt);
        _loss.Take(isLost: false);
        _roundTrip.Take(answer.At - sentAt, answer.At);
        _pace.Answered(sentAt, answer.At, isFresh: false, isCanary: true);
    }
}
