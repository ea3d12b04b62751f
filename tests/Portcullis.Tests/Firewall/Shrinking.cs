using System;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Takes away from a ruleset what a failure does not need.</summary>
internal static class Shrinking
{
    internal static Ruleset Of(Ruleset ruleset, Func<Ruleset, bool> fails)
    {
        bool isSmaller = true;
        while (isSmaller)
        {
            isSmaller = false;
            for (int table = ruleset.Tables.Length - 1; table >= 0; table--)
            {
                isSmaller |= Try(ref ruleset, ruleset with { Tables = ruleset.Tables.RemoveAt(table) }, fails) || Chains(ref ruleset, table, fails);
            }
        }

        return ruleset;
    }

    private static bool Chains(ref Ruleset ruleset, int table, Func<Ruleset, bool> fails)
    {
        bool isSmaller = false;
        for (int chain = ruleset.Tables[table].Chains.Length - 1; chain >= 0; chain--)
        {
            FirewallTable one = ruleset.Tables[table];
            if (Try(ref ruleset, ruleset with { Tables = ruleset.Tables.SetItem(table, one with { Chains = one.Chains.RemoveAt(chain) }) }, fails))
            {
                isSmaller = true;
                continue;
            }

            for (int rule = one.Chains[chain].Rules.Length - 1; rule >= 0; rule--)
            {
                isSmaller |= Rule(ref ruleset, table, chain, rule, fails);
            }
        }

        return isSmaller;
    }

    private static bool Rule(ref Ruleset ruleset, int table, int chain, int rule, Func<Ruleset, bool> fails)
    {
        FirewallChain one = ruleset.Tables[table].Chains[chain];
        if (Try(ref ruleset, With(ruleset, table, chain, one with { Rules = one.Rules.RemoveAt(rule) }), fails))
        {
            return true;
        }

        bool isSmaller = false;
        for (int step = one.Rules[rule].Steps.Length - 1; step >= 0; step--)
        {
            FirewallRule now = ruleset.Tables[table].Chains[chain].Rules[rule];
            FirewallChain changed = one with { Rules = ruleset.Tables[table].Chains[chain].Rules.SetItem(rule, now with { Steps = now.Steps.RemoveAt(step) }) };
            isSmaller |= Try(ref ruleset, With(ruleset, table, chain, changed), fails);
        }

        return isSmaller;
    }

    private static Ruleset With(Ruleset ruleset, int table, int chain, FirewallChain changed)
    {
        FirewallTable one = ruleset.Tables[table];
        return ruleset with { Tables = ruleset.Tables.SetItem(table, one with { Chains = one.Chains.SetItem(chain, changed) }) };
    }

    private static bool Try(ref Ruleset ruleset, Ruleset smaller, Func<Ruleset, bool> fails)
    {
        if (!fails(smaller))
        {
            return false;
        }

        ruleset = smaller;
        return true;
    }
}
