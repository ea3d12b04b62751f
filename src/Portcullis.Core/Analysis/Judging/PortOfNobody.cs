using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Ports that answer packets from elsewhere although no socket of the host takes them, and no rule passes them on.</summary>
internal sealed class PortOfNobody : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (IGrouping<(Protocol Protocol, int Port), UnaccountedPort> same in judgement.Proofs.Unaccounted(judgement.Listeners).GroupBy(static one => (one.Protocol, one.Port)))
        {
            UnaccountedPort first = same.First();
            string port = string.Create(CultureInfo.InvariantCulture, $"{first.Port}/{ListenerKey.Word(first.Protocol)}");

            // Without the rules nobody can say whether a container engine passes the port on.
            bool areRulesKnown = same.All(static one => one.Claim is not null);
            yield return new Finding
            {
                Id = "PC7002",
                Severity = areRulesKnown ? Severity.High : Severity.Medium,
                Title = $"{port} answers {first.View.From}, and no socket of this host listens there",
                Subject = string.Create(CultureInfo.InvariantCulture, $"{NetworkNamespace.HostName}/{ListenerKey.Word(first.Protocol)}/{first.Port}"),
                Evidence =
                [
                    .. same.Select(static one => $"{From(one.View)} asked {one.View.Address}: it answers{(one.HasArrived == false ? ", and its packets did not come in to this host: something in front of it answers in its name" : "")}"),
                    "asked twice, and the kernel's table of sockets has none for it",
                    areRulesKnown ? "no rule of the firewall passes its packets on to another host" : "whether a rule of the firewall passes its packets on is not known: the rules were not read",
                ],
                Remedy = areRulesKnown
                    ? $"find out who answers: programs with raw or packet sockets (sudo ss -0 -w -lnp), BPF programs (sudo bpftool net), and something in front of this host that answers for it (portcullis trace {first.View.Address}:{first.Port} from there)"
                    : "run with sudo, so that the rules can be read",
            };
        }
    }

    private static string From(OutsideView view) => view.Source is IpAddress source && source.ToString() != view.From ? $"{view.From} ({source})" : view.From;
}
