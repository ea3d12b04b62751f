using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Firewalls that say they are on, and whose rules are not loaded, or let everything in.</summary>
internal sealed class IdleFirewall : ICheck
{
    private static readonly Severity[] s_byLevel = [Severity.Low, Severity.Medium, Severity.High];

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Firewall.Ruleset is not Ruleset { Unread.IsEmpty: true })
        {
            yield break;
        }

        Openness? openness = null;
        foreach (RuleLoader loader in FirewallPrograms.On(judgement))
        {
            bool isMissing = Coexistence.WriterOf(loader) != RuleWriters.OwnRules && FirewallPrograms.WriterOf(judgement, loader) is not { Tables.IsEmpty: false };
            if (isMissing || judgement.State.KeepsOut == false)
            {
                openness ??= Openness.Of(judgement);
                yield return Of(judgement, loader, isMissing, openness);
            }
        }
    }

    private static Finding Of(Judgement judgement, RuleLoader loader, bool isMissing, Openness openness)
    {
        Severity severity = s_byLevel[openness.Level];
        return new Finding
        {
            Id = "PC6003",

            // Where other rules keep something out, strangers do not get to everything.
            Severity = judgement.State.KeepsOut != false && severity == Severity.High ? Severity.Medium : severity,
            Title = isMissing ? $"{loader.Name} says that it is on, and its rules are not loaded" : $"{loader.Name} is on, and the rules let everything in",
            Subject = FirewallPrograms.Subject(loader.Name),
            Evidence =
            [
                FirewallPrograms.Told(loader),
                isMissing ? $"none of its chains are among the rules that the kernel has{(judgement.State.KeepsOut == true ? "; others keep something out" : "")}"
                    : "worked out from all rules: every port of this host lets everybody in, over IPv4 and IPv6",
                openness.Open.IsEmpty ? "nothing that others could get to listens at present" : $"others get to: {openness.List()}",
                FirewallPrograms.NotSeen,
            ],
            Remedy = Remedy(judgement, loader, isMissing),
            Location = loader.File,
        };
    }

    private static string Remedy(Judgement judgement, RuleLoader loader, bool isMissing)
    {
        int ssh = FirewallPrograms.SshPort(judgement);
        const string Careful = "keep a second session or a console open, since this can lock you out; ";
        return (loader.Name, isMissing) switch
        {
            ("ufw", true) => string.Create(CultureInfo.InvariantCulture, $"{Careful}see that it lets your own way in and load its rules: sudo ufw allow {ssh}/tcp && sudo ufw reload, then find out what took them away"),
            ("ufw", false) => string.Create(CultureInfo.InvariantCulture, $"{Careful}allow your own way in, then deny the rest: sudo ufw allow {ssh}/tcp && sudo ufw default deny incoming"),
            ("firewalld", true) => $"{Careful}see that it lets your own way in (sudo firewall-cmd --list-all), and load its rules: sudo firewall-cmd --reload, then find out what took them away",
            ("firewalld", false) => string.Create(CultureInfo.InvariantCulture, $"{Careful}put the interface into a zone that denies what is not allowed: sudo firewall-cmd --permanent --zone=public --add-port={ssh}/tcp && sudo firewall-cmd --reload && sudo firewall-cmd --set-default-zone=public"),
            (_, true) => $"{Careful}load its rules: sudo systemctl restart {loader.Unit}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Careful}write rules that accept {ssh}/tcp and drop what nobody allowed{(loader.File is null ? "" : $" into {loader.File}")}, then: sudo systemctl reload-or-restart {loader.Unit}; or switch it off, so that nobody relies on it"),
        };
    }
}
