using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Planning;

/// <summary>Tells what a policy wants let in.</summary>
public static class Openings
{
    /// <summary>The openings: those of the roles' services, then those of the exceptions that hold. What nobody elsewhere may reach is none.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="always">The role that is always in force; null for none.</param>
    /// <param name="listeners">The listeners, judged by the policy: a service that a role may be without is let in once something of it listens.</param>
    /// <param name="at">The time, UTC: an exception may have expired.</param>
    public static ImmutableArray<Opening> Of(HostPolicy policy, Role? always, ImmutableArray<Listener> listeners, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Listener[] heard = [.. listeners.Where(static one => one is { Namespace: NetworkNamespace.HostName, Scope: > Scope.Loopback, Expected: true })];
        List<Opening> openings = [];
        foreach (RoleService service in policy.Roles.SelectMany(static role => role.Services).Concat(always?.Services ?? []))
        {
            if (!service.Optional || Array.Exists(heard, one => service.Includes(one.Protocol, one.Port)))
            {
                openings.Add(new Opening(service.Name, service.Ports, policy.SourcesOf(service)));
            }
        }

        openings.AddRange(policy.Allow.Where(one => one.HoldsAt(at)).Select(static one => new Opening(one.Name, one.Key is string key ? PortOf(key) : one.Ports, one.From)));
        return
        [
            .. openings.Select(static one => one with { Ports = [.. one.Ports.Where(static port => port.Protocol != Protocol.Packet)], From = [.. one.From.Where(static zone => zone != Zone.Host)] })
                .Where(static one => !one.Ports.IsEmpty && !one.From.IsEmpty),
        ];
    }

    /// <summary>The port in a listener's key, "tcp/any/ipv4/8080/app.service"; none where the key is of something else or of another namespace.</summary>
    private static ImmutableArray<ServicePort> PortOf(string key) =>
        key.Split('/') is [string protocol, _, _, string port, _] && ServicePort.Parse($"{port}/{protocol}") is ServicePort one ? [one] : [];
}
