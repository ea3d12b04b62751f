using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Several firewalls that are on at once, each of which believes that it alone decides.</summary>
internal sealed class RivalFirewalls : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        RuleLoader[] on = Of(judgement);
        if (on.Length == 0)
        {
            yield break;
        }

        string[] names = [.. on.Select(static one => one.Name)];
        string[] losses = [.. Losses(on, judgement.Firewall.Ruleset)];
        yield return new Finding
        {
            Id = "PC6006",
            Severity = losses.Length > 0 ? Severity.Medium : Severity.Low,
            Title = $"{Joined(names)} are on at once{(losses.Length > 0 ? ", and one removes the rules of the other" : "")}",
            Subject = FirewallPrograms.Subject(string.Join('+', names)),
            Evidence =
            [
                .. on.Select(FirewallPrograms.Told),
                .. losses,
                "a packet has to pass the rules of all of them: what one lets in, another may keep out, and the status of each tells its own rules alone",
            ],
            Remedy = $"keep one, see that it lets your own way in, and keep the other from starting at the next boot: {string.Join(" or ", on.Select(static one => one.Name == "ufw" ? "sudo ufw disable" : $"sudo systemctl disable {one.Unit}"))}",
        };
    }

    /// <summary>The firewalls that are on where they are several; else none.</summary>
    internal static RuleLoader[] Of(Judgement judgement)
    {
        RuleLoader[] on = [.. FirewallPrograms.Installed(judgement).Where(IsOn)];
        return on.Select(GroupOf).Distinct(StringComparer.Ordinal).Count() > 1 ? on : [];
    }

    private static bool IsOn(RuleLoader loader) =>
        loader.HasRules != false && loader.SwitchedOn != false && (loader.Running == true || Coexistence.IsAtBoot(loader) == true);

    /// <summary>Programs that are one: each has a unit for either version of IP.</summary>
    private static string GroupOf(RuleLoader loader) => loader.Name switch { "ip6tables" => "iptables", "shorewall6" => "shorewall", string name => name };

    private static IEnumerable<string> Losses(RuleLoader[] on, Ruleset? ruleset)
    {
        foreach (RuleLoader one in on.Where(static one => one.FlushesAll == true))
        {
            string[] others = [.. on.Where(other => other != one && !IsLegacy(other, ruleset)).Select(static other => other.Name)];
            if (others.Length > 0)
            {
                yield return $"whenever {one.Unit} starts or is reloaded, {one.File} removes the rules of {Joined(others)}, which nothing brings back until they start again";
            }
        }

        // iptables-restore(8): without --noflush a table is emptied before it is filled.
        if (on.FirstOrDefault(static one => one.Name is "iptables" or "netfilter-persistent") is RuleLoader saved && on.Any(static one => one.Name == "ufw"))
        {
            yield return $"both write the same tables: what {saved.Unit} loads replaces them as a whole, ufw's chains too, and whichever starts last wins";
        }
    }

    /// <summary>Whether all rules of a program are in the tables of the older iptables, which "flush ruleset" does not touch.</summary>
    private static bool IsLegacy(RuleLoader loader, Ruleset? ruleset)
    {
        bool[] places = [.. (ruleset?.Tables ?? []).Where(table => RuleWriters.In(new Ruleset { Tables = [table] }).Any(seen => seen.Name == Coexistence.WriterOf(loader))).Select(IsLegacy).Distinct()];
        return places is [true];
    }

    /// <summary>Rules of the older iptables are known by their places, those of nf_tables by handles.</summary>
    private static bool IsLegacy(FirewallTable table) => table.Chains.Any(static chain => chain.Rules.Any(static rule => rule.Number is not null));

    private static string Joined(string[] names) => names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
