using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Rules of the firewall that are there in vain: others have decided before, and the other way round.</summary>
internal sealed class RulesNeverReached : ICheck
{
    private const int MostTold = 8;

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Firewall.Ruleset is not Ruleset ruleset)
        {
            yield break;
        }

        foreach (IGrouping<string, IdleRule> same in IdleRules.Of(ruleset, IsOwners).Where(IsContradicted).GroupBy(static idle => ChainOf(idle.Place)))
        {
            IdleRule[] rules = [.. same];
            bool isOpen = rules.Any(static idle => !Accepts(idle.Place));
            yield return new Finding
            {
                Id = "PC6008",
                Severity = isOpen ? Severity.Low : Severity.Info,
                Title = rules.Length == 1 ? $"A rule of {same.Key} never decides: what it would {Word(rules[0].Place)} is {(isOpen ? "let in" : "kept out")} before"
                    : $"{rules.Length} rules of {same.Key} never decide: others do the opposite before",
                Subject = FirewallPrograms.Subject(same.Key),
                Evidence =
                [
                    .. rules.Take(MostTold).SelectMany(static idle => (string[])
                        [$"never reached: {idle.Place}", .. idle.Deciding.Where(other => Accepts(other) != Accepts(idle.Place)).Take(1).Select(static other => $"decided before by: {other}")]),
                    .. rules.Length > MostTold ? [$"and {rules.Length - MostTold} more"] : System.Array.Empty<string>(),
                ],
                Remedy = Remedy(RuleWriters.Of(rules[0].Place).Name, isOpen),
            };
        }
    }

    /// <summary>Whether somebody has put it there by hand, or by ufw, which keeps the order in which rules were added. Of others the order is the program's.</summary>
    private static bool IsOwners(FirewallTable table, FirewallChain chain) => RuleWriters.Of(new RulePlace(table, chain, chain.Rules[0])) is { Name: RuleWriters.OwnRules or "ufw" };

    private static bool IsContradicted(IdleRule idle) => idle.Deciding.Any(other => Accepts(other) != Accepts(idle.Place));

    private static bool Accepts(RulePlace place) => place.Rule!.Steps is [.., VerdictStep { Verdict.Kind: VerdictKind.Accept }];

    private static string Word(RulePlace place) => Accepts(place) ? "let in" : "keep out";

    private static string ChainOf(RulePlace place) => $"{place.Table.Family.ToString().ToLowerInvariant()} {place.Table.Name} {place.Chain.Name}";

    private static string Remedy(string writer, bool isOpen) => writer switch
    {
        "ufw" => $"rules of ufw count in their order: sudo ufw status numbered shows it; {(isOpen ? "put the denial first: sudo ufw insert 1 deny …, then take the old one away" : "put the one that allows first (sudo ufw insert 1 allow …)")}, or take away the one that is not meant",
        _ => "decide which of them is meant: put it before the other, or take it away; nft and iptables ask rules from the first on, and the first that accepts, drops or rejects decides in its chain",
    };
}
