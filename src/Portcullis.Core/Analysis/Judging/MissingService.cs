using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services that a role needs and nothing gives.</summary>
internal sealed class MissingService : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Role role in judgement.Policy?.Roles ?? [])
        {
            foreach (RoleService service in role.Services.Where(service => !service.Optional))
            {
                ServicePort first = service.Ports[0];
                string subject = string.Create(CultureInfo.InvariantCulture, $"host/{ListenerKey.Word(first.Protocol)}/{first.Ports}");
                Listener[] there = [.. judgement.Listeners.Where(listener => listener.Namespace == NetworkNamespace.HostName && service.Includes(listener.Protocol, listener.Port))];
                if (Array.Exists(there, listener => judgement.ExpectationOf(listener).Expected == true && IsFarEnough(listener, judgement.Policy!.SourcesOf(service))))
                {
                    continue;
                }

                yield return new Finding
                {
                    Id = "PC1002",
                    Severity = Severity.Low,
                    Title = $"The role {role.Name} needs {service.Name} ({string.Join(", ", service.Ports)}), and nothing gives it",
                    Subject = subject,
                    Evidence = [Found(there), .. service.Why is string why ? [why] : Array.Empty<string>()],
                    Remedy = $"start the service ({Hint(service)}), or take the role or the service out of {judgement.Policy!.Source}",
                };
            }
        }
    }

    /// <summary>What listens on loopback alone cannot serve others.</summary>
    private static bool IsFarEnough(Listener listener, IEnumerable<string> from) => listener.Scope != Scope.Loopback || from.All(zone => zone == Zone.Host);

    private static string Found(Listener[] there) => there.Length == 0
        ? "no socket was seen on its ports"
        : "on its ports is only: " + string.Join("; ", there.Select(Wording.Binding));

    private static string Hint(RoleService service)
    {
        ServicePort first = service.Ports[0];
        PortFacts? facts = PortKnowledge.Lookup(first.Ports.First, first.Protocol);
        return facts is null || facts.Units.IsEmpty ? "portcullis explain " + first : $"such as sudo systemctl start {facts.Units[0]}";
    }
}
