using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Scanning;

/// <summary>
/// Ports that answered and are asked again all the while: by them loss is measured, and noticed that a target answers us no more. When
/// many in a row stay unanswered, all other questions wait until one is answered again.
/// </summary>
internal sealed class Canaries
{
    /// <summary>Attempts from here on are those of canaries.</summary>
    internal const byte FirstAttempt = 16;

    private const int MostKnown = 64;
    private const int SuspiciousSilence = 16;
    private const int MostSuspensions = 4;
    private const int Regained = 64; // so many answers since make up for one suspension: a long way may be bad now and then
    private const int FinalQuestions = 5;
    private const int ProbesBetween = 20;
    private const int LeastInterval = 500; // µs: two thousand a second are no burden, and a tenth of a second tells loss to half a percent
    private const int Leisure = 500_000; // µs: what holds back a scanner for a moment does so for longer than a round trip
    private const int None = -1;

    private readonly List<int> _open = [];
    private readonly List<int> _refusing = [];
    private readonly long[] _sentAt = new long[Probe.Attempts];
    private readonly int[] _slots = new int[Probe.Attempts];
    private readonly long _rest;
    private byte _next = FirstAttempt;
    private int _turn;
    private long _dueAt;
    private int _lostInARow;
    private int _suspensions;
    private int _answered; // since the last suspension, or since one was made up for
    private int _finals;
    private bool _isFinalAnswered;

    /// <summary>Begins without any.</summary>
    /// <param name="rest">How long to leave each alone after it was asked, µs.</param>
    internal Canaries(long rest)
    {
        _rest = rest;
        for (int attempt = 0; attempt < _slots.Length; attempt++)
        {
            _slots[attempt] = None;
        }
    }

    /// <summary>Whether any port answered yet.</summary>
    internal bool Exist => _open.Count + _refusing.Count > 0;

    /// <summary>When the last of them that was answered was asked, µs.</summary>
    internal long AnsweredAt { get; private set; }

    /// <summary>Whether all other questions are to wait.</summary>
    internal bool IsSuspended { get; private set; }

    /// <summary>What had answered does so no more, asked at leisure, or again and again only for a while: to go on would be in vain.</summary>
    internal bool AreShutOut => IsSuspended && (_finals > FinalQuestions || _suspensions > MostSuspensions);

    /// <summary>Whether they were asked in the end, and none answered.</summary>
    internal bool WentSilent => AreShutOut || (Exist && _finals > 0 && !_isFinalAnswered);

    /// <summary>Whether it is settled if they still answer in the end.</summary>
    internal bool AreSettled => !Exist || _isFinalAnswered || _finals > FinalQuestions;

    /// <summary>Adds a port that answered.</summary>
    internal void Add(int slot, bool isOpen)
    {
        List<int> known = isOpen ? _open : _refusing;
        if (known.Count < MostKnown)
        {
            known.Add(slot);
        }
    }

    /// <summary>Whether one may be asked now.</summary>
    internal bool AreDue(long now) => Exist && now >= _dueAt && _slots[_next] == None;

    /// <summary>When one may be asked again, if nothing happens before.</summary>
    internal long WakeAt(long now) => Exist && _slots[_next] == None ? Math.Max(now + 1, _dueAt) : long.MaxValue;

    /// <summary>The next to ask: its slot and attempt.</summary>
    /// <param name="now">The time, µs.</param>
    /// <param name="timeout">How long an answer is waited for, µs.</param>
    /// <param name="usual">How long answers usually take, µs: so that there is an attempt for each that is on its way.</param>
    /// <param name="rate">Probes a second at present: canaries are to be few among them.</param>
    /// <param name="isFinal">Whether all else has been asked.</param>
    internal (int Slot, byte Attempt) Ask(long now, long timeout, long usual, double rate, bool isFinal)
    {
        List<int> known = _open.Count > 0 ? _open : _refusing; // open ports answer however many refusals the target allows itself
        int slot = known[_turn++ % known.Count];
        byte attempt = _next;
        _next = attempt + 1 == Probe.Attempts ? FirstAttempt : (byte)(attempt + 1);
        _sentAt[attempt] = now;
        _slots[attempt] = slot;
        bool isAtLeisure = isFinal || IsSuspended;
        _finals += isAtLeisure ? 1 : 0;
        long interval = Math.Max(2 * usual / (Probe.Attempts - FirstAttempt), (long)(ProbesBetween * 1e6 / rate));
        _dueAt = now + Math.Max(_rest / known.Count, isAtLeisure ? Math.Max(timeout, Leisure) : Math.Max(LeastInterval, interval));
        return (slot, attempt);
    }

    /// <summary>Takes an answer; tells when its question went out, or null where it was not awaited.</summary>
    /// <param name="slot">The port's slot.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isFinal">Whether all else has been asked.</param>
    internal long? Take(int slot, byte attempt, bool isFinal)
    {
        if (_slots[attempt] != slot)
        {
            return null;
        }

        _slots[attempt] = None;
        _isFinalAnswered |= isFinal && _finals > 0;
        _finals = IsSuspended ? 0 : _finals;
        IsSuspended = false;
        _lostInARow = 0;
        if (++_answered >= Regained)
        {
            _answered = 0;
            _suspensions = Math.Max(0, _suspensions - 1);
        }

        return _sentAt[attempt];
    }

    /// <summary>Notes that what was asked up to then is known to be heard.</summary>
    internal void Heard(long sentAt) => AnsweredAt = Math.Max(AnsweredAt, sentAt);

    /// <summary>How many were not answered in time since this was last asked.</summary>
    internal int Expire(long now, long timeout)
    {
        int lost = 0;
        for (int attempt = FirstAttempt; attempt < Probe.Attempts; attempt++)
        {
            if (_slots[attempt] != None && _sentAt[attempt] + timeout < now)
            {
                _slots[attempt] = None;
                lost++;
            }
        }

        _lostInARow += lost;
        if (_lostInARow >= SuspiciousSilence && !IsSuspended)
        {
            IsSuspended = true;
            _suspensions++;
            _answered = 0;
            _finals = 0;
        }

        return lost;
    }
}
