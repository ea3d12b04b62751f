using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Rules that keep something out now, and that nothing known loads when the machine starts.</summary>
internal sealed class UnlastingRules : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Snapshot.RuleLoaders is null)
        {
            yield break;
        }

        RuleWriter[] leaving = [.. judgement.State.Writers.Where(static one => one is { KeepsOut: true, AtBoot: false })];
        bool isRestOpen = leaving.Length > 0 && judgement.Firewall.KeepsOutWithout([.. leaving.Select(static one => one.Name)]) != true;
        foreach (RuleWriter writer in leaving)
        {
            bool isOwn = writer.Kind == RuleWriterKind.Owner;
            yield return new Finding
            {
                Id = "PC6004",
                Severity = isRestOpen && judgement.Listeners.Any(static one => one.Namespace == NetworkNamespace.HostName && one.Scope != Scope.Loopback) ? Severity.Medium : Severity.Low,
                Title = isOwn ? "The firewall's rules are loaded, and nothing that is known loads them at the next boot"
                    : $"The rules of {writer.Name} are loaded, and will not be after the next boot",
                Subject = FirewallPrograms.Subject(isOwn ? "own-rules" : writer.Name),
                Evidence =
                [
                    $"rules of {string.Join(", ", writer.Tables)} keep packets out",
                    .. FirewallPrograms.Installed(judgement).Where(one => isOwn || one.Name == writer.Name).Select(FirewallPrograms.Told),
                    .. isOwn ? ["neither a unit of /etc/systemd/system that names a firewall, nor rc.local, nor a script for interfaces loads rules; what else might was not looked for"] : Array.Empty<string>(),
                    isRestOpen ? "no other rules would keep anything out" : "other rules stay",
                ],
                Remedy = Remedy(judgement, writer),
            };
        }
    }

    private static string Remedy(Judgement judgement, RuleWriter writer)
    {
        string check = "see that they let your own way in at every boot, then ";
        bool isIptables = writer.Tables.All(static table => table is "ip filter" or "ip6 filter" or "ip raw" or "ip6 raw" or "ip mangle" or "ip6 mangle");
        RuleLoader? nftables = FirewallPrograms.Installed(judgement).FirstOrDefault(static one => one.Name == "nftables");
        return writer.Name switch
        {
            "ufw" => check + "switch ufw on for good: sudo ufw enable && sudo systemctl enable ufw.service",
            "firewalld" => check + "enable it: sudo systemctl enable firewalld.service",
            RuleWriters.OwnRules when isIptables => check + "save them and have them loaded: sudo apt-get install iptables-persistent && sudo netfilter-persistent save (beside ufw or firewalld give them to those instead)",
            RuleWriters.OwnRules => $"{check}write them (sudo nft list ruleset shows them) into {nftables?.File ?? "/etc/nftables.conf"}, without those of Docker and other programs, and have them loaded: sudo systemctl enable nftables.service",
            _ => $"{check}enable it: sudo systemctl enable {writer.Name}.service",
        };
    }
}
