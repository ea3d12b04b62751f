using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Makes of each chain of a table one function of packets: what becomes of a packet that enters it in a given state.</summary>
/// <remarks>
/// Rules that change nothing of a packet are put together half by half, so that ten thousand of them cost n log n; behind a rule that does
/// change something the rest of the chain is compiled for each state that may come out of it.
/// </remarks>
internal sealed class ChainCompiler(FirewallTable table, DiagramStore store, Ledger ledger, MatchCompiler matches, Arrival arrival)
{
    private const int MostChanges = 500; // rules of one chain that change something: beyond, "too complex"
    private const int MostValues = 256; // of a map from which a mark is set
    private const int MostStates = 50_000; // states in which some rule is entered

    private readonly Dictionary<string, FirewallChain> _chains = ByName(table.Chains, chain => chain.Name);
    private readonly Dictionary<string, FirewallSet> _sets = ByName(table.Sets, set => set.Name);
    private readonly Dictionary<(string Chain, int State), int> _functions = [];
    private readonly HashSet<(string Chain, int State)> _open = [];
    private readonly Dictionary<(string Chain, int From, int State), int> _rests = [];
    private readonly Dictionary<string, bool> _changing = new(StringComparer.Ordinal);
    private int _depth;

    /// <summary>The function of a chain: falls through where the packet comes to its end or returns.</summary>
    internal int Chain(FirewallChain chain, int state)
    {
        if (_functions.TryGetValue((chain.Name, state), out int known))
        {
            return known;
        }

        if (!_open.Add((chain.Name, state)))
        {
            return ledger.End(OutcomeKind.Unknown, ledger.NumberOf(new RulePlace(table, chain, null)), state); // no kernel lets chains go in circles
        }

        int function = store.Bind(Sequence(chain, 0, state), number => ledger.OutcomeOf(number) switch
        {
            { Kind: OutcomeKind.Return } back => Fallen(back.State, state),
            _ => DiagramStore.End(number),
        });
        _open.Remove((chain.Name, state));
        _functions[(chain.Name, state)] = function;
        return function;
    }

    /// <summary>The rules of a chain from one on.</summary>
    private int Sequence(FirewallChain chain, int from, int state)
    {
        int to = from;
        while (to < chain.Rules.Length && !IsChanging(chain.Rules[to]))
        {
            to++;
        }

        int before = Together(chain, from, to, state);
        if (to == chain.Rules.Length || IsOver(before))
        {
            return before;
        }

        if (++_depth > MostChanges || _rests.Count > MostStates)
        {
            throw new TooComplexException();
        }

        int rest = store.Bind(Rule(chain, chain.Rules[to], state), number => ledger.OutcomeOf(number) switch
        {
            { Kind: OutcomeKind.Fall, State: var next } => Rest(chain, to + 1, next < 0 ? state : next, state),
            _ => DiagramStore.End(number),
        });
        _depth--;
        return Then(before, rest);
    }

    /// <summary>The rules from one on for a packet in another state; what falls through must still say in which state.</summary>
    private int Rest(FirewallChain chain, int from, int state, int unchanged)
    {
        if (!_rests.TryGetValue((chain.Name, from, state), out int function))
        {
            _rests[(chain.Name, from, state)] = function = Sequence(chain, from, state);
        }

        return state == unchanged ? function : store.Bind(function, number =>
            number == Ledger.Fall ? ledger.End(OutcomeKind.Fall, 0, state)
            : ledger.OutcomeOf(number) is { Kind: OutcomeKind.Fall, State: var next } && next == unchanged ? DiagramStore.End(Ledger.Fall)
            : DiagramStore.End(number));
    }

    private int Together(FirewallChain chain, int from, int to, int state)
    {
        if (to - from <= 1)
        {
            return to == from ? DiagramStore.End(Ledger.Fall) : Rule(chain, chain.Rules[from], state);
        }

        int first = Together(chain, from, from + ((to - from) / 2), state);
        return IsOver(first) ? first : Then(first, Together(chain, from + ((to - from) / 2), to, state));
    }

    /// <summary>Whether no packet goes on with the next rule.</summary>
    private static bool IsOver(int function) => DiagramStore.IsEnd(function) && function != DiagramStore.End(Ledger.Fall);

    private int Then(int first, int second) => store.Then(first, second);

    /// <summary>The function of a rule: falls through where the packet goes on with the next.</summary>
    internal int Rule(FirewallChain chain, FirewallRule rule, int state)
    {
        bool isPlain = IsPlain(rule);
        if (isPlain && IsForOthers(rule, ledger.StateOf(state)))
        {
            return DiagramStore.End(Ledger.Fall);
        }

        int place = ledger.NumberOf(new RulePlace(table, chain, rule));
        if (isPlain)
        {
            return Steps(rule, 0, place, state, DiagramStore.End(Ledger.Fall));
        }

        int function = Steps(rule, 0, place, state, ledger.End(OutcomeKind.NoMatch, 0, state));
        return store.Bind(function, number => ledger.OutcomeOf(number) switch
        {
            { Kind: OutcomeKind.NoMatch, State: var next } => Fallen(next, state),
            _ => DiagramStore.End(number),
        });
    }

    /// <summary>Whether a rule asks for something that no packet at hand has: most of ten thousand are for other protocols, versions or ports.</summary>
    private bool IsForOthers(FirewallRule rule, PacketState state)
    {
        foreach (RuleStep step in rule.Steps)
        {
            if (step is MatchStep match && matches.Decided(match, state) == false)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether all that comes of a rule is its verdict, or that the packet falls through unchanged: most rules are such.</summary>
    private static bool IsPlain(FirewallRule rule)
    {
        foreach (RuleStep step in rule.Steps)
        {
            if (step is not (MatchStep or RemarkStep or LookupStep or VerdictStep { Verdict.Kind: VerdictKind.Accept or VerdictKind.Drop or VerdictKind.Reject }))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Falling through in a state: with the number that means "unchanged" where it is the one that came in.</summary>
    private int Fallen(int state, int unchanged) =>
        state < 0 || state == unchanged ? DiagramStore.End(Ledger.Fall) : ledger.End(OutcomeKind.Fall, 0, state);

    /// <summary>The steps of a rule from one on.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="at">The first step.</param>
    /// <param name="place">The rule's number.</param>
    /// <param name="state">The packet's state.</param>
    /// <param name="failed">What becomes of packets for which a step does not hold, or that come to the end.</param>
    private int Steps(FirewallRule rule, int at, int place, int state, int failed)
    {
        if (at == rule.Steps.Length)
        {
            return failed;
        }

        switch (rule.Steps[at])
        {
            case MatchStep match:
                return matches.Decided(match, ledger.StateOf(state)) is bool holds ? (holds ? Steps(rule, at + 1, place, state, failed) : failed)
                    : matches.Match(match, ledger.StateOf(state), Steps(rule, at + 1, place, state, failed), failed) ?? failed;
            case LookupStep lookup:
                return matches.Lookup(lookup, _sets.GetValueOrDefault(lookup.Set), FormattableString.Invariant($"{place}/{at}"), ledger.StateOf(state), Steps(rule, at + 1, place, state, failed), failed) ?? failed;
            case VerdictStep verdict:
                return Verdict(verdict.Verdict, place, state);
            case VerdictMapStep map:
                return VerdictMap(map, place, state) ?? failed;
            case ChanceStep chance:
                return matches.Literal(chance.IsStable ? chance.Text : FormattableString.Invariant($"{place}/{at} {chance.Text}"), chance.Text, Steps(rule, at + 1, place, state, failed), failed);
            case AssignStep assign:
                return Assign(assign, rule, at, place, state) ?? failed;
            case NotrackStep when ledger.StateOf(state).Tracking == Tracking.NotYet: // nft_notrack_eval: later it is in vain
                return Changed(rule, at, place, ledger.NumberOf(ledger.StateOf(state) with { Tracking = Tracking.Untracked }));
            case TranslateStep { Kind: TranslationKind.TransparentProxy } proxy:
                // nft_tproxy.c: the packet stays as it is and goes on with the next step, where a socket takes it.
                return matches.Literal(FormattableString.Invariant($"{place}/{at}"), $"whether a socket is there for {RuleText.Of(proxy)}", Steps(rule, at + 1, place, state, failed), failed);
            case TranslateStep translate when Translation.IsFor(translate, arrival.Version):
                return Translate(translate, place, state) ?? failed;
            case RemarkStep or NotrackStep or TranslateStep:
                return Steps(rule, at + 1, place, state, failed);
            default:
                return ledger.End(OutcomeKind.Unknown, place, state);
        }
    }

    /// <summary>The steps behind one that has changed the packet's state.</summary>
    private int Changed(FirewallRule rule, int at, int place, int state) => Steps(rule, at + 1, place, state, ledger.End(OutcomeKind.NoMatch, 0, state));

    private int Verdict(RuleVerdict verdict, int place, int state) => verdict.Kind switch
    {
        VerdictKind.Continue => ledger.End(OutcomeKind.NoMatch, 0, state),
        VerdictKind.Accept => ledger.End(OutcomeKind.Accept, place, state),
        VerdictKind.Drop => ledger.End(OutcomeKind.Drop, place, Ledger.NoState),
        VerdictKind.Reject => ledger.End(OutcomeKind.Reject, place, Ledger.NoState),
        VerdictKind.Return => ledger.End(OutcomeKind.Return, 0, state),
        VerdictKind.Jump or VerdictKind.Goto when verdict.Chain is string name && _chains.TryGetValue(name, out FirewallChain? chain) =>
            store.Bind(Chain(chain, state), number => ledger.OutcomeOf(number) switch
            {
                { Kind: OutcomeKind.Fall, State: var next } => ledger.End(verdict.Kind == VerdictKind.Jump ? OutcomeKind.NoMatch : OutcomeKind.Return, 0, next < 0 ? state : next),
                _ => DiagramStore.End(number),
            }),
        _ => ledger.End(OutcomeKind.Unknown, place, state),
    };

    private int? VerdictMap(VerdictMapStep step, int place, int state)
    {
        if (!_sets.TryGetValue(step.Map, out FirewallSet? map) || map.Verdicts.Length < map.Count)
        {
            return ledger.End(OutcomeKind.Unknown, place, state);
        }

        Dictionary<RuleVerdict, int> verdicts = [];
        int? found = Elements(step.Key, map, state, element =>
        {
            RuleVerdict verdict = map.Verdicts[element];
            return verdicts.TryGetValue(verdict, out int known) ? known : verdicts[verdict] = Verdict(verdict, place, state);
        });
        return found is int function ? OrFailed(function, map, step.Key, place, state) : null;
    }

    /// <summary>What a map has for its keys; falls through where it has none. Null where the packets have no such key.</summary>
    private int? Elements(ImmutableArray<Operand> key, FirewallSet map, int state, Func<int, int> of)
    {
        int[] elements = new int[map.Count];
        for (int at = 0; at < elements.Length; at++)
        {
            int hit = of(at);
            if (map.HasCatchAll && at == elements.Length - 1)
            {
                elements[at] = hit;
            }
            else if (matches.Element(key, map, at, ledger.StateOf(state), hit) is int element)
            {
                elements[at] = element;
            }
            else
            {
                return null;
            }
        }

        return matches.AnyOf(elements);
    }

    /// <summary>The rule does not hold for keys that the map does not have; and what a map that changes by itself says is not known.</summary>
    private int OrFailed(int function, FirewallSet map, ImmutableArray<Operand> key, int place, int state)
    {
        int failed = ledger.End(OutcomeKind.NoMatch, 0, state);
        function = store.Then(function, failed);
        return MatchCompiler.IsUnsteady(map)
            ? matches.Literal($"map @{map.Name} of {place}", $"{string.Join(" . ", key.Select(FieldText.Of))} in the map @{map.Name}, which changes by itself", function, ledger.End(OutcomeKind.Unknown, place, state))
            : function;
    }

    private int? Translate(TranslateStep step, int place, int state)
    {
        PacketState before = ledger.StateOf(state);
        MappedValue? address = step.Address as MappedValue;
        MappedValue? port = step.Port as MappedValue;
        if (!HasFields(step.Address, state) || !HasFields(step.Port, state))
        {
            return null;
        }

        // Of one map the address and the port are parts of the same element; of two the port is not followed up.
        MappedValue? mapped = address ?? port;
        FirewallSet? map = mapped is null ? null : SteadyMap(mapped.Map);
        int? function = map is null
            ? Translated(Translation.Of(step, before, arrival, null, -1, place), before, place)
            : Elements(mapped!.Key, map, state, element => Translated(Translation.Of(step, before, arrival, map, element, place), before, place));
        if (function is not int translated)
        {
            return null;
        }

        int failed = ledger.End(OutcomeKind.NoMatch, 0, state);
        translated = map is null ? translated : store.Then(translated, failed);
        bool isUncertain = (mapped is not null && map is null) || (address is not null && port is not null && address.Map != port.Map);
        return isUncertain ? matches.Literal(FormattableString.Invariant($"{place} map"), $"what @{mapped!.Map} holds", translated, failed) : translated;
    }

    /// <summary>Accepted in the new state. What was sent to where it is translated to has not moved (nf_nat_setup_info in nf_nat_core.c).</summary>
    private int Translated(PacketState after, PacketState before, int place)
    {
        int moved = ledger.End(OutcomeKind.Accept, place, ledger.NumberOf(after));
        if (after.IsMoved != true || !after.IsTranslated || before.IsTranslated)
        {
            return moved;
        }

        int same = ledger.End(OutcomeKind.Accept, place, ledger.NumberOf(after with { IsMoved = false }));
        same = Where(new PacketField(FieldSource.TransportHeader, "", 2, 2), after.Port, before.Port, same);
        return Where(Assignment.DestinationOf(arrival), after.Address, before.Address, same);

        int Where(PacketField field, DestinationValue? now, DestinationValue? then, int hit) => now is null || now == then ? hit
            : matches.Match(new MatchStep(new Operand(field), [new ByteRange(now.Bytes, now.Bytes)], false), before, hit, moved) ?? moved;
    }

    /// <summary>A map of values that can be relied on; null for another.</summary>
    private FirewallSet? SteadyMap(string name) =>
        _sets.TryGetValue(name, out FirewallSet? map) && map.DataLength > 0 && !MatchCompiler.IsUnsteady(map) ? map : null;

    /// <summary>Whether packets have the fields that a value is made from; else the rule does not hold.</summary>
    private bool HasFields(ValueSource? value, int state) => value switch
    {
        ComputedValue computed => matches.IsThere([computed.Operand], ledger.StateOf(state), out _, out _),
        MappedValue mapped => matches.IsThere(mapped.Key, ledger.StateOf(state), out _, out _),
        _ => true,
    };

    private int? Assign(AssignStep step, FirewallRule rule, int at, int place, int state)
    {
        if (!HasFields(step.Value, state))
        {
            return null;
        }

        if (step.Value is not MappedValue mapped)
        {
            return With(step.Value is ConstantValue one && one.First.AsSpan().SequenceEqual(one.Last.AsSpan()) ? one.First : null);
        }

        int failed = ledger.End(OutcomeKind.NoMatch, 0, state);
        if (SteadyMap(mapped.Map) is not FirewallSet map)
        {
            return matches.Literal(FormattableString.Invariant($"{place}/{at} map"), $"what @{mapped.Map} holds", With(null), failed);
        }

        // The rest of the chain is compiled for each value: of a great map only that it has one is followed up.
        Dictionary<string, int> each = new(StringComparer.Ordinal);
        int? found = Elements(mapped.Key, map, state, element =>
        {
            int from = (element * map.DataLength) + mapped.Offset;
            ImmutableArray<byte>? value = map.Count > MostValues || from + mapped.Length > map.Data.Length ? null : map.Data.Slice(from, mapped.Length);
            string text = value is { } bytes ? FieldText.Hex(bytes) : "";
            return each.TryGetValue(text, out int known) ? known : each[text] = With(value);
        });
        return found is int function ? store.Then(function, failed) : null;

        int With(ImmutableArray<byte>? value) =>
            Changed(rule, at, place, ledger.NumberOf(Assignment.Of(step, value, ledger.StateOf(state), arrival, (place << 8) | Math.Min(at, 255))));
    }

    /// <summary>Whether a packet may come out of a rule otherwise than it went in, and yet go on.</summary>
    private bool IsChanging(FirewallRule rule) => !IsPlain(rule) && rule.Steps.Any(step => step switch
    {
        AssignStep or NotrackStep => true,
        VerdictStep { Verdict.Chain: string name } => IsChanging(name),
        VerdictMapStep map => _sets.TryGetValue(map.Map, out FirewallSet? set)
            && set.Verdicts.Where(verdict => verdict.Chain is not null).DistinctBy(verdict => verdict.Chain, StringComparer.Ordinal).Any(verdict => IsChanging(verdict.Chain!)),
        _ => false,
    });

    private bool IsChanging(string name)
    {
        if (!_changing.TryGetValue(name, out bool known))
        {
            _changing[name] = false; // of a circle the rest decides
            _changing[name] = known = _chains.TryGetValue(name, out FirewallChain? chain) && chain.Rules.Any(IsChanging);
        }

        return known;
    }

    private static Dictionary<string, T> ByName<T>(ImmutableArray<T> all, Func<T, string> name)
    {
        Dictionary<string, T> named = new(StringComparer.Ordinal);
        foreach (T one in all)
        {
            named.TryAdd(name(one), one);
        }

        return named;
    }
}
