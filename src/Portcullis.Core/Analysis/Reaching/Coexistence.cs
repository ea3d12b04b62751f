using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Joins whose rules are loaded with what loads rules at boot.</summary>
internal static class Coexistence
{
    /// <summary>The state of a host's firewall.</summary>
    internal static FirewallState Of(HostFirewall firewall, ImmutableArray<RuleLoader>? loaders)
    {
        Protection protection = firewall.Protection;
        List<RuleWriter> writers = [];
        foreach (RuleWriters.Seen seen in firewall.Ruleset is { } ruleset ? RuleWriters.In(ruleset) : [])
        {
            RuleLoader[] own = [.. (loaders ?? []).Where(loader => Loads(loader, seen.Name))];
            writers.Add(new RuleWriter
            {
                Name = seen.Name,
                Kind = seen.Kind,
                Tables = seen.Tables,
                Loaded = true,
                KeepsOut = protection.By.Contains(seen.Name, StringComparer.Ordinal),
                Running = own.Length == 0 ? null : Any(own.Select(static loader => loader.Running)),
                AtBoot = loaders is null || seen.Kind > RuleWriterKind.Owner ? null : Any(own.Select(IsAtBoot)),
            });
        }

        // Switched on, and nothing of it is there.
        foreach (RuleLoader loader in (loaders ?? []).Where(static one => !one.IsOwn))
        {
            string name = WriterOf(loader);
            bool isOn = loader.SwitchedOn ?? (loader.HasRules != false && (loader.Running == true || IsAtBoot(loader) == true));
            if (isOn && !writers.Exists(writer => writer.Name == name))
            {
                writers.Add(new RuleWriter { Name = name == RuleWriters.OwnRules ? loader.Name : name, Kind = name == RuleWriters.OwnRules ? RuleWriterKind.Owner : RuleWriterKind.Firewall, Loaded = firewall.Ruleset is null ? null : false, Running = loader.Running, AtBoot = IsAtBoot(loader) });
            }
        }

        return new FirewallState(protection.KeepsOut, [.. writers.OrderBy(static one => one.Kind).ThenBy(static one => one.Name, StringComparer.Ordinal)]);
    }

    /// <summary>Whether a loader's rules are there after the next start of the machine; null where that is not known.</summary>
    internal static bool? IsAtBoot(RuleLoader loader) => loader switch
    {
        { SwitchedOn: false } or { HasRules: false } => false,

        // Debian's ufw.service is enabled by its installation, and then does what ufw.conf says.
        { Name: "ufw", SwitchedOn: null } => null,
        _ => loader.StartsAtBoot,
    };

    /// <summary>The writer as which a loader's rules are recognised.</summary>
    internal static string WriterOf(RuleLoader loader) => loader.Name is "ufw" or "firewalld" or "foomuuri" or "csf" or "shorewall" ? loader.Name
        : loader.Name == "shorewall6" ? "shorewall" : RuleWriters.OwnRules;

    /// <summary>Whether a writer's rules may come from a loader; what is saved and loaded again may be anybody's.</summary>
    private static bool Loads(RuleLoader loader, string writer) => WriterOf(loader) == writer;

    /// <summary>True where one is; false where none is; else null.</summary>
    private static bool? Any(IEnumerable<bool?> values)
    {
        bool? any = false;
        foreach (bool? value in values)
        {
            any = any == true || value == true ? true : value is null ? null : any;
        }

        return any;
    }
}
