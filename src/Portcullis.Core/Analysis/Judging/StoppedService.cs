using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services and socket units that would listen, are installed, and do not run.</summary>
internal sealed class StoppedService : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement) => InstalledService.Of(judgement).Where(one => !one.IsAllowed).Select(one => Of(judgement, one));

    private static Finding Of(Judgement judgement, InstalledService service)
    {
        UnitFacts unit = service.Unit;
        bool startsAtBoot = service.StartsAtBoot;
        string where = string.Join(", ", service.Ports.Select(port => port.ToString()).Distinct().Take(6));
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
}
