using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services and socket units that would listen, are installed, and do not run.</summary>
internal sealed class StoppedService : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
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
                && Of(judgement, unit, [.. ProgramKnowledge.ServicesOf(unit.Name, unit.Package?.Name, null).Select(Port)]) is Finding found)
            {
                yield return found;
            }
        }

        foreach (UnitFacts unit in judgement.Snapshot.Units.Where(unit => unit.User is null && !unit.Transient && unit.Enabled is not ("masked" or "masked-runtime")))
        {
            ServicePort[] ports = [.. unit.Listens.Select(PortOf).OfType<ServicePort>()];
            if (!open.Contains(unit.Name) && !stopped.Any(service => service.Name == unit.Activates) && !ports.Any(port => IsOpen(judgement, port)) && Of(judgement, unit, ports) is Finding found)
            {
                yield return found;
            }
        }
    }

    private static Finding? Of(Judgement judgement, UnitFacts unit, ServicePort[] ports)
    {
        if (ports.Length == 0 || ports.Any(port => IsAllowed(judgement, port)))
        {
            return null;
        }

        bool startsAtBoot = unit.Enabled is "enabled" or "enabled-runtime";
        string where = string.Join(", ", ports.Select(port => port.ToString()).Distinct().Take(6));
        return new Finding
        {
            Id = "PC5001",
            Severity = startsAtBoot && judgement.Policy is not null ? Severity.Low : Severity.Info,
            Title = $"{unit.Name} does not run, but is installed and would listen ({where}){(startsAtBoot ? " after the next boot" : "")}",
            Subject = "unit:" + unit.Name,
            Evidence =
            [
                $"{unit.Fragment ?? unit.Name}: {unit.Enabled ?? "whether it is enabled could not be read"}{(unit.Preset is string preset ? $", preset {preset}" : "")}",
                .. unit.Package is PackageFacts package ? [$"package {package.Name} {package.Version}"] : Array.Empty<string>(),
                unit.Listens.IsEmpty ? $"known to use: {where}" : $"it is told to listen: {string.Join(", ", unit.Listens)}",
                "what is installed can be started by mistake, or by whoever gets in; removing it makes that harder",
            ],
            Remedy = Mend(unit),
            Location = unit.Fragment,
        };
    }

    private static string Mend(UnitFacts unit)
    {
        string mask = $"sudo systemctl mask {Remedy.Word(unit.Name)}";
        return unit.Package is PackageFacts package && !Caution.IsVital(package)
            ? $"remove it where nothing else needs it: {Remedy.RemoveCommand(package)}; else keep it from starting: {mask}"
            : $"keep it from starting: {mask}";
    }

    /// <summary>Whether a role, that of every machine among them, or an exception gives the port to somebody.</summary>
    private static bool IsAllowed(Judgement judgement, ServicePort port) =>
        (judgement.Policy?.Roles ?? []).Concat(new[] { judgement.Catalogue.Find(Role.Base) }.OfType<Role>())
            .Any(role => role.Services.Any(service => service.Includes(port.Protocol, port.Ports.First)))
        || (judgement.Policy?.Allow ?? []).Any(one => one.HoldsAt(judgement.Snapshot.TakenAt) && one.Ports.Any(allowed => allowed.Includes(port.Protocol, port.Ports.First)));

    private static bool IsOpen(Judgement judgement, ServicePort port) =>
        judgement.Listeners.Any(listener => listener.Namespace == NetworkNamespace.HostName && port.Includes(listener.Protocol, listener.Port));

    private static ServicePort Port(PortFacts facts) => new(facts.Protocol, facts.Ports);

    private static ServicePort? PortOf(string listen) =>
        SocketUnits.TryParse(listen, out Protocol protocol, out _, out int port) ? new ServicePort(protocol, new PortRange(port, port)) : null;
}
