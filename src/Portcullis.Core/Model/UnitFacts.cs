using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A systemd unit that holds, or could open, a socket.</summary>
public sealed record UnitFacts
{
    /// <summary>The unit's name with its suffix, such as "ssh.service".</summary>
    public required string Name { get; init; }

    /// <summary>The user whose manager runs it; null for a unit of the system.</summary>
    public uint? User { get; init; }

    /// <summary>The unit file (systemctl calls it FragmentPath); null where there is none.</summary>
    public string? Fragment { get; init; }

    /// <summary>The drop-ins that change it, in the order in which they apply.</summary>
    public ImmutableArray<string> DropIns { get; init; } = [];

    /// <summary>What systemctl is-enabled prints: "enabled", "disabled", "static", "masked", "generated" …; null where it could not be read.</summary>
    public string? Enabled { get; init; }

    /// <summary>What the vendor's preset says: "enabled" or "disabled"; null where there is no unit file.</summary>
    public string? Preset { get; init; }

    /// <summary>Whether it was made at run time and leaves no file behind (systemd-run, session scopes).</summary>
    public bool Transient { get; init; }

    /// <summary>Its one-line description.</summary>
    public string? Description { get; init; }

    /// <summary>For a socket unit: what it starts. For a service: null.</summary>
    public string? Activates { get; init; }

    /// <summary>For a service: the socket unit that starts it; null for none.</summary>
    public string? ActivatedBy { get; init; }

    /// <summary>For a socket unit: its Listen… settings, such as "ListenStream=[::]:111", with specifiers resolved.</summary>
    public ImmutableArray<string> Listens { get; init; } = [];

    /// <summary>The System V script that the unit was generated from; null for none.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The package that owns the unit file (or the script); null for none or not found out.</summary>
    public PackageFacts? Package { get; init; }
}
