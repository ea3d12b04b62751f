using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Core.Text.Systemd;

/// <summary>What enabling a unit would do: the [Install] section of systemd.unit(5).</summary>
/// <param name="Aliases">The other names it would get.</param>
/// <param name="HasRules">Whether enabling would make any link.</param>
/// <param name="HasAlso">Whether it would enable other units.</param>
/// <param name="DefaultInstance">The instance that stands for a template; null for none.</param>
public sealed record InstallSection(IReadOnlyCollection<string> Aliases, bool HasRules, bool HasAlso, string? DefaultInstance)
{
    private const string Section = "Install";

    /// <summary>Reads it out of a unit with its drop-ins.</summary>
    /// <param name="file">The unit.</param>
    /// <param name="unit">The name it is asked for by.</param>
    /// <param name="values">For specifiers in names.</param>
    public static InstallSection Of(UnitFile file, string unit, SpecifierValues values)
    {
        string? instance = UnitName.IsTemplate(unit) ? file.Last(Section, "DefaultInstance") : null;
        string[] aliases = [.. file.Words(Section, "Alias").Select(alias => Specifiers.Resolve(alias, unit, values))];
        bool rules = aliases.Length > 0
            || file.Words(Section, "WantedBy").Count > 0
            || file.Words(Section, "RequiredBy").Count > 0
            || file.Words(Section, "UpheldBy").Count > 0;
        return new InstallSection(aliases, rules, file.Words(Section, "Also").Count > 0, instance);
    }

    /// <summary>Whether a link of this name is one that enabling the unit makes.</summary>
    public bool Makes(string link, string unit) =>
        link == unit
        || Aliases.Contains(link, StringComparer.Ordinal)
        || (DefaultInstance is not null && link == UnitName.WithInstance(unit, DefaultInstance));
}
