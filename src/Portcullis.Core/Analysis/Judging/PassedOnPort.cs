using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Ports that are open although the rules for this host deny them, because their packets are passed on before those are asked.</summary>
internal sealed class PassedOnPort : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (IGrouping<(Protocol Protocol, int Port), PassedPort> same in judgement.Firewall.Passed().GroupBy(one => (one.Protocol, one.Port)))
        {
            PassedPort first = same.First();
            Listener? listener = judgement.Listeners.FirstOrDefault(one =>
                one.Namespace == NetworkNamespace.HostName && one.Port == first.Port && one.Protocol == first.Protocol && one.Scope != Scope.Loopback);
            if (listener is not null && judgement.ExpectationOf(listener).Expected == true)
            {
                continue;
            }

            string port = string.Create(CultureInfo.InvariantCulture, $"{first.Port}/{ListenerKey.Word(first.Protocol)}");
            string to = listener?.Container?.Name is string name ? $"{first.To} (the container {name})" : first.To;
            yield return new Finding
            {
                Id = "PC6001",
                Severity = Severity.High,
                Title = $"The firewall's rules deny {port}, and everybody reaches it: it is passed on to {to} before they are asked",
                Subject = listener?.Key ?? string.Create(CultureInfo.InvariantCulture, $"{NetworkNamespace.HostName}/{ListenerKey.Word(first.Protocol)}/{first.Port}"),
                Evidence =
                [
                    .. same.Select(one => $"over {(one.Version == IpVersion.V4 ? "IPv4" : "IPv6")} denied for this host by: {one.Denial}"),
                    .. same.Select(one => $"passed on to {one.To}, {(one.By is string rule ? $"let through by: {rule}" : "and no rule keeps it from there")}").Distinct(StringComparer.Ordinal),
                ],
                Remedy = Remedy(listener, first),
            };
        }
    }

    private static string Remedy(Listener? listener, PassedPort passed) => string.Create(
        CultureInfo.InvariantCulture,
        $"publish it on this host only ({(listener?.Container?.Engine == "podman" ? "podman" : "docker")} run -p 127.0.0.1:{passed.Port}:…), or deny it where passed-on packets go: sudo iptables -I DOCKER-USER -m conntrack --ctorigdstport {passed.Port} -j DROP (without Docker in the chain FORWARD)");
}
