namespace Portcullis.Core.Model;

/// <summary>Something that loads firewall rules when the machine starts: the unit of a firewall, or a unit or script of the owner's.</summary>
public sealed record RuleLoader
{
    /// <summary>The program, such as "ufw", "firewalld" or "nftables"; of the owner's own things the unit's name or the script's path.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the owner's own, and no program that is known to load rules.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Its unit, such as "ufw.service"; null for a script without one.</summary>
    public string? Unit { get; init; }

    /// <summary>What systemctl is-enabled prints of the unit; null where there is none, or it could not be read.</summary>
    public string? Enabled { get; init; }

    /// <summary>
    /// Whether it is started with the machine: something pulls the unit in, which an alias that D-Bus asks for does not. Null where that
    /// is not known.
    /// </summary>
    public bool? StartsAtBoot { get; init; }

    /// <summary>Whether the unit is active; null where there is none, or that could not be found out.</summary>
    public bool? Running { get; init; }

    /// <summary>The program's own switch beside its unit (ENABLED in /etc/ufw/ufw.conf); null where it has none, or it could not be read.</summary>
    public bool? SwitchedOn { get; init; }

    /// <summary>The file that it loads, such as "/etc/nftables.conf"; null where that is not known.</summary>
    public string? File { get; init; }

    /// <summary>Whether that file removes all rules that there are, whoever wrote them, before it adds its own; null where that is not known.</summary>
    public bool? FlushesAll { get; init; }

    /// <summary>Whether that file has rules that could keep anything out; null where that is not known.</summary>
    public bool? HasRules { get; init; }
}
