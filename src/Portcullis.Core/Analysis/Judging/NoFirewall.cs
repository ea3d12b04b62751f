using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Hosts on which something listens, and no rule keeps anybody out of anything; nor does any firewall say that it is on.</summary>
internal sealed class NoFirewall : ICheck
{
    private static readonly Severity[] s_byLevel = [Severity.Info, Severity.Low, Severity.Medium];

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        // Where one should be on, that is the finding.
        if (judgement.State.KeepsOut != false || FirewallPrograms.On(judgement).Any() || FirewallPrograms.Asleep(judgement).Any())
        {
            yield break;
        }

        Openness openness = Openness.Of(judgement);
        if (openness.Open.IsEmpty)
        {
            yield break;
        }

        string[] others = [.. judgement.State.Writers.Select(static one => one.Name)];
        yield return new Finding
        {
            Id = "PC6002",
            Severity = s_byLevel[openness.Level],
            Title = "This host has no firewall: no rule keeps anybody from what listens on it",
            Subject = FirewallPrograms.Subject(NetworkNamespace.HostName),
            Evidence =
            [
                $"others get to: {openness.List()}",
                others.Length == 0 ? "no rules are loaded that decide over packets for this host" : $"the rules of {string.Join(", ", others)} keep nobody from a port of this host",
                .. FirewallPrograms.Installed(judgement).Select(FirewallPrograms.Told),
                FirewallPrograms.NotSeen,
            ],
            Remedy = FirewallPrograms.SwitchOn(judgement),
        };
    }
}
