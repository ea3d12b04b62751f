using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Ports that a rule of the firewall lets in, and on which nothing listens that could be asked from outside.</summary>
internal sealed class OpenedForNobody : ICheck
{
    private const int MostPorts = 32;

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        // Where everything gets in, single rules do nothing; where sockets were not read, anything may listen.
        if (judgement.State.KeepsOut != true || judgement.Snapshot.Namespaces.FirstOrDefault(static one => one.Name == NetworkNamespace.HostName) is not { Inspected: true })
        {
            yield break;
        }

        foreach (IGrouping<(Protocol Protocol, int Port), OpenedPort> same in judgement.Firewall.Opened().GroupBy(static one => (one.Protocol, one.Port))
            .Where(one => !IsHeard(judgement, one.Key.Protocol, one.Key.Port) && !IsAllowed(judgement, one.Key.Protocol, one.Key.Port)).Take(MostPorts))
        {
            string port = string.Create(CultureInfo.InvariantCulture, $"{same.Key.Port}/{ListenerKey.Word(same.Key.Protocol)}");
            yield return new Finding
            {
                Id = "PC6007",
                Severity = Severity.Info,
                Title = $"The firewall lets {port} in, and nothing listens there",
                Subject = string.Create(CultureInfo.InvariantCulture, $"{NetworkNamespace.HostName}/{ListenerKey.Word(same.Key.Protocol)}/{same.Key.Port}"),
                Evidence =
                [
                    .. same.Select(static one => $"let in over {(one.Version == IpVersion.V4 ? "IPv4" : "IPv6")} by: {one.By}").Distinct(StringComparer.Ordinal),
                    judgement.Listeners.Any(one => one.Namespace == NetworkNamespace.HostName && one.Port == same.Key.Port && one.Protocol == same.Key.Protocol)
                        ? "what listens on it does so on loopback, where no packet from outside gets" : "whatever listens on it next is open to others at once",
                ],
                Remedy = Remedy(RuleWriters.Of(same.First().By).Name, same.First(), port),
            };
        }
    }

    private static bool IsHeard(Judgement judgement, Protocol protocol, int port) => judgement.Listeners.Any(one =>
        one.Namespace == NetworkNamespace.HostName && one.Port == port && one.Scope != Scope.Loopback && (one.Protocol == protocol || (one.Protocol == Protocol.UdpLite && protocol == Protocol.Udp)));

    /// <summary>Whether a role, that of every machine among them, or an exception gives the port to somebody; what is missing then is another matter.</summary>
    private static bool IsAllowed(Judgement judgement, Protocol protocol, int port) =>
        (judgement.Policy?.Roles ?? []).Concat(new[] { judgement.Catalogue.Find(Role.Base) }.OfType<Role>()).Any(role => role.Services.Any(service => service.Includes(protocol, port)))
        || (judgement.Policy?.Allow ?? []).Any(one => one.HoldsAt(judgement.Snapshot.TakenAt) && one.Ports.Any(allowed => allowed.Includes(protocol, port)));

    private static string Remedy(string writer, OpenedPort opened, string port) => writer switch
    {
        "ufw" => $"take the rule away: sudo ufw status numbered names it by {port}, then sudo ufw delete NUMBER (once for each version of IP)",
        "firewalld" => $"take it out of its zone, for good and now: sudo firewall-cmd --permanent --remove-port={port} (or --remove-service=NAME of the service that it belongs to) && sudo firewall-cmd --reload",
        _ => $"take {port} out of the rule where it is written, and load the rules again; leave what your own way in needs: {opened.By}",
    };
}
