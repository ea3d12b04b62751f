using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Finds out what answers on one open TCP port: a pure machine of steps. It is told what happened and when, and says what to do next;
/// who has the sockets does it.
/// </summary>
/// <remarks>
/// First one listens, since half of all services speak first. Then the questions of the services that are usual on the port, then
/// those of all others, each on a connection of its own; every answer is shown to every protocol, since many services say who they are
/// also to a stranger. After TLS the same begins again inside. What it may cost is bounded by <see cref="DialogueLimits"/>.
/// </remarks>
/// <param name="host">The name or address that was asked for.</param>
/// <param name="port">1 to 65535.</param>
/// <param name="limits">How long and how often it may ask.</param>
public sealed class PortDialogue(string host, int port, DialogueLimits limits)
{
    private static readonly ImmutableArray<string> s_web = ["h2", "http/1.1"];

    private readonly DialogueEar _ear = new(limits.MostBytes);
    private readonly string? _untouched = UntouchedPorts.ReasonFor(port);
    private DialoguePlan _plan = new(port, isInside: false);
    private IServiceProtocol? _asked;
    private IServiceProtocol? _speaker;
    private byte[] _said = [];
    private int _turn;
    private IdentifiedService? _soFar;
    private IdentifiedService? _best;
    private IdentifiedService? _wrapping;
    private TlsFacts? _tls;
    private ImmutableArray<string>? _offer;
    private string? _seen;
    private readonly HashSet<IServiceProtocol> _refuted = [];
    private int _connections;
    private bool _wasClosedAtOnce;
    private bool _hasListened;
    private bool _isStretched;
    private TimeSpan _start;
    private TimeSpan _connecting;
    private TimeSpan _roundTrip;
    private TimeSpan _until;

    /// <summary>The first step.</summary>
    /// <param name="now">The moment, on any clock that only goes forward.</param>
    public DialogueStep Begin(TimeSpan now)
    {
        _start = now;
        _asked = _untouched is null ? _plan.Take() : null;
        return Connect(now);
    }

    /// <summary>The next step after something happened.</summary>
    /// <param name="happened">What.</param>
    /// <param name="now">The moment, on the same clock.</param>
    public DialogueStep Next(DialogueEvent happened, TimeSpan now) => happened switch
    {
        DialogueEvent.Connected connected => Connected(connected.Tls, now),
        DialogueEvent.Failed failed => Failed(failed.Why, now),
        DialogueEvent.Received received => Received(received.Bytes.Span, now),
        DialogueEvent.Closed => Ended(isClosed: true, now),
        _ => Ended(isClosed: false, now),
    };

    private DialogueStep.Connect Connect(TimeSpan now, byte[]? farewell = null)
    {
        _connections++;
        _connecting = now;
        _speaker = null;
        _soFar = null;
        _turn = 0;
        _said = [];
        _ear.Clear();
        return new DialogueStep.Connect(farewell ?? [], _offer, Earlier(now + limits.Connect));
    }

    private DialogueStep Connected(TlsFacts? tls, TimeSpan now)
    {
        _roundTrip = now - _connecting;
        if (tls is not null && _tls is null)
        {
            _tls = tls;
            if (tls.Alpn is string alpn)
            {
                // It says itself what is inside. Only the older of the two is spoken here.
                _plan.KeepSuspects();
                _offer = ["http/1.1"];
                _asked = ServiceProtocols.Http;
                if (alpn == "h2")
                {
                    return Connect(now);
                }
            }
            else
            {
                _offer = [];
            }
        }

        if (_hasListened && _asked is not null && !DialoguePlan.IsGreeter(_asked))
        {
            return AskFirst(now);
        }

        bool isPatient = _untouched is not null || _plan.HasGreeter || (_asked is not null && DialoguePlan.IsGreeter(_asked));
        return Listen(isPatient ? limits.Patience : limits.Greeting + (2 * _roundTrip), now);
    }

    private DialogueStep Failed(string why, TimeSpan now)
    {
        if (_offer is null)
        {
            return _connections == 1
                ? Finish(DialogueEnd.NotConnected, null, $"no connection could be made: {SeenText.Of(why, 80)}")
                : Unknown(now, $"; then it took no more connections: {SeenText.Of(why, 80)}");
        }

        if (_tls is { Alpn: "h2" })
        {
            return Finish(new IdentifiedService { Name = "http", Evidence = "chooses h2 by ALPN and takes nothing else", Tls = _tls });
        }

        if (_tls is null && !_offer.Value.IsEmpty)
        {
            // Some end the handshake where they are offered no application protocol that they know (RFC 7301, 3.3).
            _offer = [];
            return Connect(now);
        }

        return Finish(_wrapping! with { Tls = _tls ?? _wrapping!.Tls, Evidence = SeenText.Of($"{_wrapping!.Evidence}; the handshake did not succeed: {why}") });
    }

    private DialogueStep Received(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        bool isTime = _ear.Hear(bytes);
        if (!_isStretched)
        {
            // What began to speak may go on, once: single bytes do not buy time again and again.
            _isStretched = true;
            TimeSpan longer = Earlier(now + limits.Answer + (3 * _roundTrip));
            _until = longer > _until ? longer : _until;
        }

        return _ear.IsFull ? Ended(isClosed: true, now) : (isTime ? Read(isEnded: false, now) : null) ?? new DialogueStep.Speak(ReadOnlyMemory<byte>.Empty, _until);
    }

    private DialogueStep Ended(bool isClosed, TimeSpan now)
    {
        if (!_ear.IsEmpty && Read(isEnded: true, now) is DialogueStep step)
        {
            return step;
        }

        if (_soFar is not null)
        {
            return Conclude(_soFar, _speaker, [], now);
        }

        bool isListening = _said.Length == 0;
        Note();
        _wasClosedAtOnce |= isClosed && isListening && _ear.IsEmpty && _connections == 1;
        _hasListened = true;
        if (isListening && !isClosed && _asked is not null && !DialoguePlan.IsGreeter(_asked))
        {
            return AskFirst(now);
        }

        // It closed before it was asked: the question is still open.
        bool isOpenQuestion = isListening && isClosed && _asked is not null && !DialoguePlan.IsGreeter(_asked) && _seen is null;
        if (_wasClosedAtOnce)
        {
            _plan.Keep(others: 1);
        }

        return isOpenQuestion && HasLeft(now) ? Connect(now) : Another(now);
    }

    /// <summary>Shows what was heard to the protocols.</summary>
    /// <returns>The step that follows; null where more must be heard, or nobody knows it and nothing more comes.</returns>
    private DialogueStep? Read(bool isEnded, TimeSpan now)
    {
        if (_turn == 0 && _said.Length > 0 && Echo.Is(_said, _ear.Bytes, isEnded) is IdentifiedService echo)
        {
            return Finish(echo);
        }

        bool isPending = _turn == 0 && _said.Length > 0 && Echo.MayBe(_said, _ear.Bytes) && !isEnded;
        if (_speaker is not null)
        {
            Reading own = _speaker.Read(new Heard(_ear.Bytes, _turn, isAsked: true, isEnded, _soFar));
            if (!isPending && Act(own, _speaker, now) is DialogueStep step)
            {
                return step;
            }

            isPending |= own.Kind == ReadingKind.NeedMore;
        }

        if (_turn > 0)
        {
            return isPending && !isEnded ? null : GiveUpTurn(now);
        }

        foreach (IServiceProtocol protocol in ServiceProtocols.All)
        {
            if (protocol == _speaker || _refuted.Contains(protocol))
            {
                continue;
            }

            Reading reading = protocol.Read(new Heard(_ear.Bytes, 0, isAsked: false, isEnded));
            isPending |= reading.Kind == ReadingKind.NeedMore;
            if (reading.Kind == ReadingKind.Suspected)
            {
                _plan.Suspect(protocol);
            }
            else if (Act(reading, protocol, now) is DialogueStep step)
            {
                return step;
            }
        }

        // While it speaks of itself it may say more; an answer that nobody knows is not waited for.
        return isPending || isEnded || _said.Length == 0 ? null : Next(new DialogueEvent.TimeUp(), now);
    }

    private DialogueStep? Act(Reading reading, IServiceProtocol reader, TimeSpan now)
    {
        switch (reading.Kind)
        {
            case ReadingKind.Is:
                return Conclude(reading.Service!, reader, reading.Words, now);
            case ReadingKind.Ask when reader == _speaker || _said.Length == 0:
                _speaker = reader;
                _soFar = reading.Service ?? _soFar;
                _turn++;
                return Say(reading.Words, _plan.IsSuspect(reader) || _soFar is not null ? limits.Patience : limits.Answer, now);
            case ReadingKind.Ask:
                // It greets late, in the midst of another's question: begin again, and let it finish this time.
                _best ??= reading.Service;
                _plan.Suspect(reader);
                return null;
            default:
                return null;
        }
    }

    private DialogueStep? GiveUpTurn(TimeSpan now)
    {
        if (_soFar is not null)
        {
            return Conclude(_soFar, _speaker, [], now);
        }

        // Its greeting looked like this protocol's, and it does not go on so: let others read the greeting.
        _refuted.Add(_speaker!);
        Note();
        return Another(now);
    }

    private DialogueStep.Speak AskFirst(TimeSpan now)
    {
        _speaker = _asked;
        return Say(_asked!.Question(host), _plan.IsSuspect(_asked) ? limits.Patience : limits.Answer + (3 * _roundTrip), now);
    }

    private DialogueStep.Speak Say(byte[] words, TimeSpan wait, TimeSpan now)
    {
        _said = words;
        _ear.Clear();
        return Listen(wait, now, words);
    }

    private DialogueStep.Speak Listen(TimeSpan wait, TimeSpan now, byte[]? words = null)
    {
        _isStretched = false;
        _until = Earlier(now + wait);
        return new DialogueStep.Speak(words ?? [], _until);
    }

    private DialogueStep Conclude(IdentifiedService service, IServiceProtocol? reader, byte[] farewell, TimeSpan now)
    {
        if (reader == ServiceProtocols.Tls && _offer is null)
        {
            _wrapping = service;
            _best = null;
            _plan = new DialoguePlan(port, isInside: true);
            _asked = _plan.Take();
            _hasListened = false;
            _offer = s_web;
            return Connect(now);
        }

        if (reader == ServiceProtocols.Http)
        {
            // Much is spoken over HTTP: what it is told by a further question.
            foreach (IServiceProtocol other in ServiceProtocols.All)
            {
                if (other != reader && other.Read(new Heard(_ear.Bytes, 0, isAsked: false, isEnded: true)).Kind == ReadingKind.Suspected && !(other == ServiceProtocols.Tls && _offer is not null))
                {
                    _plan.Suspect(other);
                }
            }

            _plan.KeepSuspects();
            if (_plan.HasSuspects && HasLeft(now))
            {
                _best = service;
                return Another(now);
            }
        }

        return Finish(service, farewell);
    }

    private DialogueStep Another(TimeSpan now)
    {
        if (_untouched is null && HasLeft(now) && _plan.Take() is IServiceProtocol next)
        {
            _asked = next;
            return Connect(now);
        }

        return Unknown(now, "");
    }

    private bool HasLeft(TimeSpan now) => _connections < limits.MostConnections && now - _start < limits.Whole;

    private void Note() => _seen ??= _ear.IsEmpty ? null : SeenText.Of(_ear.Bytes);

    private DialogueStep.Finish Unknown(TimeSpan now, string more)
    {
        if (_best is not null)
        {
            return Finish(_best);
        }

        if (_wrapping is not null)
        {
            return Finish(_wrapping with { Tls = _tls ?? _wrapping.Tls, Evidence = SeenText.Of($"{_wrapping.Evidence}; inside: {_seen ?? "nothing is said"}") });
        }

        string asked = _untouched is null ? "" : $"; it was not asked, since {_untouched}";
        bool isUnfinished = _untouched is null && !HasLeft(now) && !_plan.IsEmpty;
        return _seen is not null && isUnfinished ? Finish(DialogueEnd.GivenUp, _seen, "answers in a way that is not known, and the questions were given up before all were asked" + more)
            : _seen is not null ? Finish(DialogueEnd.Unrecognised, _seen, "answers in a way that is not known" + asked + more)
            : isUnfinished ? Finish(DialogueEnd.GivenUp, null, "said nothing that is known before the questions were given up" + more)
            : _wasClosedAtOnce ? Finish(DialogueEnd.ClosedAtOnce, null, "accepts connections and closes them at once" + more)
            : Finish(DialogueEnd.Silent, null, "accepts connections and says nothing" + asked + more);
    }

    private DialogueStep.Finish Finish(IdentifiedService service, byte[]? farewell = null)
    {
        IdentifiedService found = _tls is null || service.Tls is not null ? service : service with { Tls = _tls };
        string what = string.Join(' ', new[] { found.Product, found.Version });
        return new DialogueStep.Finish(farewell ?? [], new DialogueResult
        {
            End = DialogueEnd.Identified,
            Service = found,
            Seen = found.Evidence,
            Sentence = string.Create(CultureInfo.InvariantCulture, $"speaks {found.FullName}{(what.Trim().Length == 0 ? "" : $" ({what.Trim()})")}{(found.AuthenticationNote is string note ? $"; {note}" : "")}"),
            Connections = _connections,
        });
    }

    private DialogueStep.Finish Finish(DialogueEnd end, string? seen, string sentence) =>
        new(ReadOnlyMemory<byte>.Empty, new DialogueResult { End = end, Seen = seen, Sentence = sentence, Connections = _connections });

    private TimeSpan Earlier(TimeSpan moment) => moment < _start + limits.Whole ? moment : _start + limits.Whole;
}
