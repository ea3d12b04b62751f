using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Scanning;

/// <content>What is made of the answers in the end.</content>
public sealed partial class Sweep
{
    /// <summary>What is known now.</summary>
    public SweepResult Result()
    {
        int undeliverable = Count(Undeliverable);
        bool wentSilent = _canaries.WentSilent;
        bool isCanaryMissing = _plan.Canary is not null && !HasFoundCanary;
        bool refusalsAreLimited = AreRefusalsLimited();
        List<ScannedPort> ports = new(_ports.Length);
        int probesForSilence = 0;
        double doubt = 0;
        bool silenceTells = !wentSilent && !isCanaryMissing && !refusalsAreLimited && (undeliverable == 0 || _canaries.Exist);
        for (int port = 0; port < _slots.Length; port++)
        {
            if (_slots[port] is >= 0 and int slot && (port != _plan.Canary || _plan.CanaryIsAsked))
            {
                bool isSilent = _states[slot] == PortState.Filtered;
                probesForSilence = isSilent ? Math.Max(probesForSilence, _probes[slot]) : probesForSilence;
                doubt = isSilent ? Math.Max(doubt, _doubts[slot]) : doubt;
                ports.Add(PortAt(slot, silenceTells));
            }
        }

        return new SweepResult
        {
            Ports = ports,
            IsWhole = IsDone,
            Sent = Sent,
            Loss = _loss.IsKnown ? _loss.Estimate : null,
            ProbesForSilence = probesForSilence,
            MissChance = doubt > 0 && (!silenceTells || !_canaries.Exist) ? null : doubt,
            IsTarpit = _ports.Length >= 256 && Count(PortState.Open) > _ports.Length / 2,
            WentSilent = wentSilent,
            CanaryWasMissed = isCanaryMissing,
            RefusalsAreLimited = refusalsAreLimited,
            TooMuchWasLost = doubt > ToleratedMiss && _canaries.Exist && _plan.Kind != ProbeKind.Udp,
            NothingAnswered = !_canaries.Exist,
            Undeliverable = undeliverable,
            UndeliverableBy = undeliverable == 0 ? null : _by[_ports[Array.IndexOf(_states, Undeliverable)]],
        };
    }

    private ScannedPort PortAt(int slot, bool silenceTells) =>
        new(_plan.Kind == ProbeKind.Udp ? Protocol.Udp : Protocol.Tcp, _ports[slot], _ports[slot] == _plan.Canary && _states[slot] == PortState.Open ? PortState.Closed : StateOf(slot, silenceTells))
        {
            RoundTrip = _times[slot] > 0 ? _times[slot] : null,
            Probes = _probes[slot],
            Hops = _hops[slot] > 0 ? _hops[slot] : null,
            By = _by.TryGetValue(_ports[slot], out IpAddress by) ? by : null,
        };

    private PortState StateOf(int slot, bool silenceTells) => _states[slot] == Undeliverable ? PortState.Unknown
        : _states[slot] != PortState.Filtered ? _states[slot]
        : _plan.Kind == ProbeKind.Udp ? PortState.OpenOrFiltered
        : silenceTells && (_doubts[slot] <= ToleratedMiss || !_canaries.Exist) ? PortState.Filtered : PortState.Unknown;

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
}
