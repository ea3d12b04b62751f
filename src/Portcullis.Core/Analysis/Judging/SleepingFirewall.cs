using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Firewalls that start at boot and do not run now, so that their rules are not loaded.</summary>
internal sealed class SleepingFirewall : ICheck
{
    private static readonly Severity[] s_byLevel = [Severity.Low, Severity.Medium, Severity.High];

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        // Of two that should run, one may have stopped the other: that is told as such.
        string[] rivals = [.. RivalFirewalls.Of(judgement).Select(static one => one.Name)];
        foreach (RuleLoader loader in judgement.Firewall.Ruleset is null ? [] : FirewallPrograms.Asleep(judgement).Where(one => !rivals.Contains(one.Name, StringComparer.Ordinal)))
        {
            Openness openness = Openness.Of(judgement);
            Severity severity = s_byLevel[openness.Level];
            yield return new Finding
            {
                Id = "PC6005",
                Severity = judgement.State.KeepsOut == true ? Severity.Low : judgement.State.KeepsOut is null && severity == Severity.High ? Severity.Medium : severity,
                Title = $"{loader.Name} starts at boot, and does not run now: its rules are not loaded",
                Subject = FirewallPrograms.Subject(loader.Name),
                Evidence =
                [
                    FirewallPrograms.Told(loader),
                    judgement.State.KeepsOut switch { true => "other rules keep something out", false => "no rule keeps anybody out of anything", null => "whether other rules keep anything out is not known" },
                    openness.Open.IsEmpty ? "nothing that others could get to listens at present" : $"others get to: {openness.List()}",
                    FirewallPrograms.NotSeen,
                ],
                Remedy = $"find out why it does not run (systemctl status {loader.Unit}); keep a second session or a console open, since its rules may lock you out, then: sudo systemctl start {loader.Unit}",
                Location = loader.File,
            };
        }
    }
}
