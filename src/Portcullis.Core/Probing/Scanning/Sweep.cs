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
public sealed class Sweep
{
    /// <summary>The chance that an open port is taken for silent which a sweep accepts.</summary>
    public const double AcceptedMiss = 1e-5;

    /// <summary>Attempts from here on are those of canaries.</summary>
    private const byte FirstCanary = 16;

    private const int MostKnown = 64;
    private const int SuspiciousSilence = 16;
    private const int FinalCanaries = 5;

    private readonly SweepPlan _plan;
    private readonly ushort[] _ports;
    private readonly int[] _slots;
    private readonly PortState[] _states;
    private readonly byte[] _probes;
    private readonly long[] _sentAt;
    private readonly int[] _times;
    private readonly byte[] _hops;
    private readonly Dictionary<ushort, IpAddress> _rejectedBy = [];
    private readonly Ring _outstanding;
    private readonly Ring _again;
    private readonly Pace _pace;
    private readonly LossMeasure _loss = new();
    private readonly CanaryWatch _canaries = new();
    private readonly List<int> _open = [];
    private readonly List<int> _refusing = [];
    private readonly long[] _canarySentAt = new long[Probe.Attempts];
    private readonly int[] _canarySlots = new int[Probe.Attempts];
    private RoundTrip _roundTrip;
    private int _fresh;
    private int _unanswered;
    private int _silent;
    private byte _canary = FirstCanary;
    private int _canaryTurn;
    private long _canaryAt;
    private long _answeredCanaryAt;
    private int _lateRefusals;
    private int _finalCanaries;
    private bool _finalAnswered;
    private bool _isSuspended;
    private int _givenUpAt;

    /// <summary>Begins.</summary>
    /// <param name="plan">What is to be found out.</param>
    /// <param name="now">The time, µs.</param>
    public Sweep(SweepPlan plan, long now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _ports = Shuffle.Of(plan.Ports, plan.Seed);
        _slots = new int[65_536];
        Array.Fill(_slots, -1);
        for (int slot = 0; slot < _ports.Length; slot++)
        {
            _slots[_ports[slot]] = slot;
        }

        _states = new PortState[_ports.Length];
        _probes = new byte[_ports.Length];
        _sentAt = new long[_ports.Length];
        _times = new int[_ports.Length];
        _hops = new byte[_ports.Length];
        _outstanding = new Ring(_ports.Length + 1);
        _again = new Ring(_ports.Length + 1);
        _roundTrip = new RoundTrip(plan.LeastTimeout, plan.FirstTimeout);
        _pace = new Pace(now, plan.FirstRate, plan.MostRate, _canaries);
        Array.Fill(_canarySlots, -1);
    }

    /// <summary>Whether all is known that will be.</summary>
    public bool IsDone => (IsAllAsked && HasFinalCanary) || IsShutOut;

    /// <summary>How many ports are decided: answered, or asked as often as need be.</summary>
    public int Decided { get; private set; }

    /// <summary>How many probes went out.</summary>
    public long Sent { get; private set; }

    /// <summary>Probes a second, at present.</summary>
    public double Rate => _pace.Rate;

    /// <summary>How many probes a silent port gets, by the loss that was measured.</summary>
    public int Needed => _loss.ProbesFor(AcceptedMiss, Math.Max(_plan.LeastProbes, _loss.IsTelling ? 0 : 3), _plan.MostProbes);

    /// <summary>The probes to send now; tells how many.</summary>
    public int Next(long now, Span<Probe> to)
    {
        Expire(now);
        if (IsAllAsked)
        {
            AskMore();
        }

        _pace.Judge(now, _roundTrip);
        int allowed = Math.Min(Math.Min(to.Length, _pace.Allowed(now)), _plan.Capacity - _unanswered);
        int count = 0;
        int fresh = 0;
        if (allowed > 0 && IsCanaryDue(now))
        {
            to[count++] = CanaryProbe(now);
        }

        allowed = _isSuspended ? count : allowed;
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

        if (count > 0)
        {
            _pace.Sent(now, count, fresh);
            Sent += count;
        }

        return count;
    }

    /// <summary>Notes that the machine itself could not send so fast.</summary>
    public void Stalled(long now) => _pace.GiveWay(now);

    /// <summary>When to ask <see cref="Next"/> again, if nothing comes before.</summary>
    public long WakeAt(long now)
    {
        bool isWaiting = _isSuspended || (_fresh == _ports.Length && _again.IsEmpty);
        bool isFull = _unanswered >= _plan.Capacity;
        long expiry = _outstanding.IsEmpty ? long.MaxValue : _sentAt[_outstanding.First] + _roundTrip.Timeout;
        long canary = HasCanaries && _canarySlots[_canary] < 0 ? Math.Max(now + 1, _canaryAt) : long.MaxValue;
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

        if (answer.Probe.Attempt >= FirstCanary)
        {
            TakeCanary(answer, slot);
            return;
        }

        bool isNews = _states[slot] is PortState.Unknown or PortState.Filtered || (_states[slot] != PortState.Open && answer.State == PortState.Open);
        if (answer.Probe.Attempt >= _probes[slot] || !isNews)
        {
            return;
        }

        bool isFirst = _states[slot] == PortState.Unknown;
        bool isLate = _states[slot] == PortState.Filtered; // given up too soon
        bool isLast = answer.Probe.Attempt == _probes[slot] - 1;
        _states[slot] = answer.State == PortState.Unknown ? PortState.Rejected : answer.State;
        _hops[slot] = answer.Hops;
        if (answer.State is PortState.Rejected or PortState.Unknown)
        {
            _rejectedBy[answer.Probe.Port] = answer.By;
        }

        if (isLast)
        {
            long time = answer.At - _sentAt[slot];
            _times[slot] = (int)Math.Clamp(time, 1, int.MaxValue);
            _roundTrip.Take(time);
            _pace.Answered(_sentAt[slot], answer.At, answer.Probe.Attempt == 0, isCanary: false);
        }

        if (isFirst)
        {
            Decided++;
            _unanswered--;
        }

        _silent -= isLate ? 1 : 0;
        if (isFirst || isLate)
        {
            Settle(slot, answer);
        }
    }

    /// <summary>What is known now.</summary>
    public SweepResult Result()
    {
        bool isTarpit = _ports.Length >= 256 && Count(PortState.Open) > _ports.Length / 2;
        bool wentSilent = IsShutOut || (HasCanaries && _finalCanaries > 0 && !_finalAnswered);
        bool isCanaryMissing = _plan.Canary is ushort canary && _slots[canary] >= 0 && _states[_slots[canary]] != PortState.Open;
        bool refusalsAreLimited = AreRefusalsLimited();
        List<ScannedPort> ports = new(_ports.Length);
        bool silenceTells = !wentSilent && !isCanaryMissing && !refusalsAreLimited;
        for (int port = 0; port < _slots.Length; port++)
        {
            if (_slots[port] is >= 0 and int slot && port != _plan.Canary)
            {
                ports.Add(new ScannedPort(_plan.Kind == ProbeKind.Udp ? Protocol.Udp : Protocol.Tcp, (ushort)port, StateOf(slot, silenceTells))
                {
                    RoundTrip = _times[slot] > 0 ? _times[slot] : null,
                    Probes = _probes[slot],
                    Hops = _hops[slot] > 0 ? _hops[slot] : null,
                    By = _rejectedBy.TryGetValue((ushort)port, out IpAddress by) ? by : null,
                });
            }
        }

        return new SweepResult
        {
            Ports = ports,
            IsWhole = IsDone,
            Sent = Sent,
            Loss = _loss.Estimate,
            LossSample = _loss.Sample,
            ProbesForSilence = Needed,
            IsTarpit = isTarpit,
            WentSilent = wentSilent,
            CanaryWasMissed = isCanaryMissing,
            RefusalsAreLimited = refusalsAreLimited,
            NothingAnswered = !HasCanaries,
            Congestions = _pace.Congestions,
            RoundTrip = _roundTrip.IsKnown ? _roundTrip.Smoothed : null,
        };
    }

    private bool HasCanaries => _open.Count + _refusing.Count > 0;

    private bool IsAllAsked => _fresh == _ports.Length && _again.IsEmpty && _outstanding.IsEmpty;

    /// <summary>What had answered does so no more, asked at leisure: to go on would be in vain.</summary>
    private bool IsShutOut => _isSuspended && _finalCanaries > FinalCanaries;

    private bool HasFinalCanary => !HasCanaries || _silent == 0 || _finalAnswered || _finalCanaries > FinalCanaries;

    private PortState StateOf(int slot, bool silenceTells)
    {
        bool isSilent = _states[slot] == PortState.Filtered || (_states[slot] == PortState.Unknown && _probes[slot] >= Needed && IsDone);
        return !isSilent ? _states[slot]
            : _plan.Kind == ProbeKind.Udp ? PortState.OpenOrFiltered
            : silenceTells ? PortState.Filtered : PortState.Unknown;
    }

    private int Count(PortState state)
    {
        int count = 0;
        foreach (PortState one in _states)
        {
            count += one == state ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// Whether the target counts its refusals (resets, ICMP): ports that were silent refused at a later question, and many more than
    /// loss explains.
    /// </summary>
    private bool AreRefusalsLimited() => _plan.Kind != ProbeKind.Udp && _silent > 0
        && _lateRefusals > 8 + (3 * _loss.Estimate * (Count(PortState.Closed) + Count(PortState.Rejected)));

    private Probe Ask(int slot, long now)
    {
        Probe probe = new(_ports[slot], _probes[slot]++);
        _sentAt[slot] = now;
        _outstanding.Add(slot);
        _unanswered++;
        return probe;
    }

    private void Settle(int slot, in ProbeAnswer answer)
    {
        bool isRefusal = answer.State != PortState.Open;
        _lateRefusals += isRefusal && _probes[slot] > 1 ? 1 : 0;
        if (answer.State == PortState.Open)
        {
            _loss.Take(_probes[slot] - 1, 1);
        }

        List<int> known = isRefusal ? _refusing : _open;
        if (known.Count < MostKnown)
        {
            known.Add(slot);
        }

        _pace.OpenPortsAnswer |= !isRefusal;
    }

    /// <summary>What was asked too long ago is asked again, or given up.</summary>
    private void Expire(long now)
    {
        long timeout = _roundTrip.Timeout;
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

            _unanswered--;
            if (_probes[slot] < Needed)
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

        for (int attempt = FirstCanary; attempt < Probe.Attempts; attempt++)
        {
            if (_canarySlots[attempt] >= 0 && _canarySentAt[attempt] + timeout < now)
            {
                _canarySlots[attempt] = -1;
                TakeLostCanary(now);
            }
        }
    }

    private void TakeLostCanary(long now)
    {
        _loss.Take(1, 0);
        if (_canaries.Take(isLost: true))
        {
            _pace.GiveWay(now);
        }

        if (_canaries.LostInARow >= SuspiciousSilence && !_isSuspended)
        {
            _isSuspended = true;
            _finalCanaries = 0;
        }
    }

    /// <summary>Where more was lost than it had seemed, those that were given up get the questions that they still lack.</summary>
    private void AskMore()
    {
        int needed = Needed;
        if (needed <= _givenUpAt || _silent == 0)
        {
            return;
        }

        _givenUpAt = needed;
        for (int slot = 0; slot < _states.Length; slot++)
        {
            if (_states[slot] == PortState.Filtered && _probes[slot] < needed)
            {
                Reopen(slot);
            }
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
        _isSuspended = false;
        _finalCanaries = 0;
        for (int slot = 0; slot < _states.Length; slot++)
        {
            if (_states[slot] == PortState.Filtered && _sentAt[slot] > _answeredCanaryAt)
            {
                _probes[slot] = 0;
                Reopen(slot);
            }
        }
    }

    private bool IsCanaryDue(long now) => _plan.Kind != ProbeKind.Udp && HasCanaries && now >= _canaryAt && _canarySlots[_canary] < 0 && !(IsAllAsked && HasFinalCanary);

    private Probe CanaryProbe(long now)
    {
        List<int> known = _open.Count > 0 ? _open : _refusing; // open ports answer however many refusals the target allows itself
        int slot = known[_canaryTurn++ % known.Count];
        byte attempt = _canary;
        _canary = attempt + 1 == Probe.Attempts ? FirstCanary : (byte)(attempt + 1);
        _canarySentAt[attempt] = now;
        _canarySlots[attempt] = slot;
        bool isFinal = IsAllAsked || _isSuspended;
        _finalCanaries += isFinal ? 1 : 0;
        _canaryAt = now + (isFinal ? _roundTrip.Timeout : Math.Max(1_000, _roundTrip.Timeout / (Probe.Attempts - FirstCanary)));
        return new Probe(_ports[slot], attempt);
    }

    private void TakeCanary(in ProbeAnswer answer, int slot)
    {
        int attempt = answer.Probe.Attempt;
        if (_canarySlots[attempt] != slot)
        {
            return;
        }

        _canarySlots[attempt] = -1;
        _finalAnswered |= IsAllAsked && _finalCanaries > 0;
        if (_isSuspended)
        {
            Resume();
        }

        _answeredCanaryAt = Math.Max(_answeredCanaryAt, _canarySentAt[attempt]);
        _loss.Take(0, 1);
        _canaries.Take(isLost: false);
        _roundTrip.Take(answer.At - _canarySentAt[attempt]);
        _pace.Answered(_canarySentAt[attempt], answer.At, isFresh: false, isCanary: true);
    }
}
