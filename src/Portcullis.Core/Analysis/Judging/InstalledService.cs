using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>A service, or a socket unit, that would listen, is installed, and does not run.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Ports">Where it would listen.</param>
/// <param name="IsAllowed">Whether the policy allows one of them to somebody.</param>
internal sealed record InstalledService(UnitFacts Unit, ImmutableArray<ServicePort> Ports, bool IsAllowed)
{
    /// <summary>Whether it runs after the next boot.</summary>
    internal bool StartsAtBoot => Unit.Enabled is "enabled" or "enabled-runtime";

    /// <summary>All of them; none where the units were not read.</summary>
    internal static IEnumerable<InstalledService> Of(Judgement judgement)
    {
        if (judgement.Snapshot.Stopped is not ImmutableArray<UnitFacts> stopped)
        {
            yield break;
        }

        HashSet<string> open = new(StringComparer.Ordinal);
        foreach (Listener listener in judgement.Listeners)
        {
            open.Add(listener.Unit?.Name ?? "");
            open.Add(listener.ActivatedBy ?? "");
        }

        foreach (UnitFacts unit in stopped)
        {
            // A service that its socket unit waits for is open already, and told of as a listener.
            if (!open.Contains(unit.Name) && (unit.ActivatedBy is null || !open.Contains(unit.ActivatedBy))
                && Of(judgement, unit, [.. ProgramKnowledge.ServicesOf(unit.Name, unit.Package?.Name, null).Select(Port)]) is InstalledService found)
            {
                yield return found;
            }
        }

        foreach (UnitFacts unit in judgement.Snapshot.Units.Where(unit => unit.User is null && !unit.Transient && unit.Enabled is not ("masked" or "masked-runtime")))
        {
            ImmutableArray<ServicePort> ports = [.. unit.Listens.Select(PortOf).OfType<ServicePort>()];
            if (!open.Contains(unit.Name) && !stopped.Any(service => service.Name == unit.Activates) && !ports.Any(port => IsOpen(judgement, port)) && Of(judgement, unit, ports) is InstalledService found)
            {
                yield return found;
            }
        }
    }

    private static InstalledService? Of(Judgement judgement, UnitFacts unit, ImmutableArray<ServicePort> ports) =>
        ports.IsEmpty ? null : new InstalledService(unit, ports, ports.Any(port => IsAllowedPort(judgement, port)));

    /// <summary>Whether a role, that of every machine among them, or an exception gives the port to somebody.</summary>
    private static bool IsAllowedPort(Judgement judgement, ServicePort port) =>
        (judgement.Policy?.Roles ?? []).Concat(new[] { judgement.Catalogue.Find(Role.Base) }.OfType<Role>())
            .Any(role => role.Services.Any(service => service.Includes(port.Protocol, port.Ports.First)))
        || (judgement.Policy?.Allow ?? []).Any(one => one.HoldsAt(judgement.Snapshot.TakenAt) && one.Ports.Any(allowed => allowed.Includes(port.Protocol, port.Ports.First)));

    private static bool IsOpen(Judgement judgement, ServicePort port) =>
        judgement.Listeners.Any(listener => listener.Namespace == NetworkNamespace.HostName && port.Includes(listener.Protocol, listener.Port));

    private static ServicePort Port(PortFacts facts) => new(facts.Protocol, facts.Ports);

    private static ServicePort? PortOf(string listen) =>
        SocketUnits.TryParse(listen, out Protocol protocol, out _, out int port) ? new ServicePort(protocol, new PortRange(port, port)) : null;
}
