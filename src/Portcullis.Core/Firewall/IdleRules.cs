using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// Looks for rules that never decide. Every packet is meant here, of established connections too, from whatever interface: a rule is told only
/// where those before it in its own chain leave it none, whatever else is true of the packet. Of fragments the first is meant, which is all
/// that rules see where connections are tracked.
/// </summary>
public static class IdleRules
{
    private const int MostRules = 2_000; // of a chain; more take longer than an audit may
    private const int MostIntervals = 2_000_000;
    private const int MostProtocols = 16;
    private const byte Unnamed = 253; // for experiments (RFC 3692): stands for all that no rule names

    /// <summary>The rules that never accept, drop or reject, though packets can be made that they ask for. Chains that are too complex are left out.</summary>
    /// <param name="ruleset">The rules.</param>
    /// <param name="isWanted">Which chains, of those that have rules, are looked into; null for all.</param>
    public static IEnumerable<IdleRule> Of(Ruleset ruleset, Func<FirewallTable, FirewallChain, bool>? isWanted = null)
    {
        foreach (FirewallTable table in ruleset.Tables.Where(table => !table.IsDormant && table.Family is TableFamily.Inet or TableFamily.Ip or TableFamily.Ip6))
        {
            Arrival[] arrivals = [.. ArrivalsOf(table)];
            foreach (FirewallChain chain in table.Chains.Where(chain => chain.Rules.Length is > 1 and <= MostRules && chain.Rules.Any(Decides) && isWanted?.Invoke(table, chain) != false))
            {
                foreach (IdleRule idle in Of(table, chain, arrivals))
                {
                    yield return idle;
                }
            }
        }
    }

    private static IEnumerable<IdleRule> Of(FirewallTable table, FirewallChain chain, Arrival[] arrivals)
    {
        HashSet<FirewallRule> working = new(ReferenceEqualityComparer.Instance);
        Dictionary<FirewallRule, HashSet<RulePlace>> idle = new(ReferenceEqualityComparer.Instance);
        foreach (Arrival arrival in arrivals)
        {
            try
            {
                new Search(table, chain, arrival).Go(working, idle);
            }
            catch (TooComplexException)
            {
                return [];
            }
        }

        return chain.Rules.Where(rule => idle.ContainsKey(rule) && !working.Contains(rule)).Select(rule => new IdleRule(new RulePlace(table, chain, rule), [.. idle[rule]]));
    }

    /// <summary>Whether all that it does is to accept, drop or reject.</summary>
    private static bool Decides(FirewallRule rule) =>
        rule.Steps is [.., VerdictStep { Verdict.Kind: VerdictKind.Accept or VerdictKind.Drop or VerdictKind.Reject }] && rule.Steps.All(step => step is MatchStep or LookupStep or RemarkStep or VerdictStep);

    private static IEnumerable<Arrival> ArrivalsOf(FirewallTable table)
    {
        byte[] named = [.. table.Chains.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps).OfType<MatchStep>().Where(IsProtocol)
            .SelectMany(match => match.Ranges).SelectMany(range => (byte[])[range.First[^1], range.Last[^1]]).Distinct().Take(MostProtocols)];
        NetworkInterface any = new() { Index = 0, Name = "" };
        foreach (IpVersion version in table.Family switch { TableFamily.Ip => (IpVersion[])[IpVersion.V4], TableFamily.Ip6 => [IpVersion.V6], _ => [IpVersion.V4, IpVersion.V6] })
        {
            foreach (byte protocol in new byte[] { 6, 17, (byte)(version == IpVersion.V4 ? 1 : 58), Unnamed }.Concat(named).Distinct())
            {
                yield return new Arrival { Version = version, Protocol = protocol, Interface = any, Interfaces = [any], IsEveryPacket = true };
            }
        }
    }

    private static bool IsProtocol(MatchStep match) => match.Operand.Field
        is { Source: FieldSource.Meta, Name: "l4proto" } or { Source: FieldSource.NetworkHeader, Offset: 9, Length: 1 };

    /// <summary>One chain, for one kind of packets.</summary>
    private sealed class Search
    {
        private readonly FirewallChain _chain;
        private readonly DiagramStore _store = new(MostIntervals);
        private readonly Ledger _ledger = new();
        private readonly ChainCompiler _compiler;
        private readonly int _state;

        internal Search(FirewallTable table, FirewallChain chain, Arrival arrival)
        {
            _chain = chain;
            Layout layout = new(sourceFirst: false);
            _compiler = new ChainCompiler(table, _store, _ledger, new MatchCompiler(_store, layout, new FieldReader(arrival, layout), arrival, ""), arrival);
            _state = _ledger.NumberOf(new PacketState { Mark = null, ConnectionMark = null, IsMoved = null, Tracking = Tracking.New });
        }

        /// <summary>Adds the rules that decide about something to one set, and to the other those that do not, with who does.</summary>
        internal void Go(HashSet<FirewallRule> working, Dictionary<FirewallRule, HashSet<RulePlace>> idle)
        {
            int whole = _compiler.Chain(_chain, _state);
            foreach (int number in DecidersIn(whole))
            {
                working.Add(_ledger.PlaceOf(number)!.Rule!);
            }

            foreach (FirewallRule rule in _chain.Rules.Where(rule => Decides(rule) && !working.Contains(rule)))
            {
                int own = _compiler.Rule(_chain, rule, _state);
                if (DecidersIn(own).Any())
                {
                    int nothing = _ledger.End(OutcomeKind.NoMatch, 0, 0);
                    idle.TryAdd(rule, []);

                    // Places are numbered as they are met, from the first rule on.
                    if (DecidersIn(_store.Bind(own, outcome => _ledger.PlaceOf(_ledger.OutcomeOf(outcome).By)?.Rule == rule ? whole : nothing)).DefaultIfEmpty().Max() is int last and > 0)
                    {
                        idle[rule].Add(_ledger.PlaceOf(last)!);
                    }
                }
            }
        }

        /// <summary>The numbers of the rules that decide somewhere.</summary>
        private IEnumerable<int> DecidersIn(int diagram)
        {
            HashSet<int> done = [];
            Stack<int> open = new([diagram]);
            while (open.TryPop(out int one))
            {
                if (!done.Add(one))
                {
                    continue;
                }

                if (!DiagramStore.IsEnd(one))
                {
                    foreach (int child in _store.ChildrenOf(one))
                    {
                        open.Push(child);
                    }
                }
                else if (_ledger.OutcomeOf(DiagramStore.OutcomeOf(one)).By is int by && _ledger.PlaceOf(by) is { Rule: not null })
                {
                    yield return by;
                }
            }
        }
    }
}
