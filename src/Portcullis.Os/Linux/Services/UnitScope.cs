using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Os.Linux.Services;

/// <summary>Where one service manager looks for its units, the first place counting most (systemd.unit(5), "Unit File Load Path").</summary>
internal sealed record UnitScope
{
    /// <summary>Whose manager; null for the system's.</summary>
    internal required uint? User { get; init; }

    /// <summary>The directories in order.</summary>
    internal required ImmutableArray<string> Directories { get; init; }

    /// <summary>The one into which "systemctl enable" writes.</summary>
    internal required string Persistent { get; init; }

    /// <summary>Where generators write (systemd.generator(7)).</summary>
    internal required ImmutableArray<string> Generated { get; init; }

    /// <summary>Where units made at run time are kept.</summary>
    internal required string TransientDirectory { get; init; }

    /// <summary>The directories with *.preset files.</summary>
    internal required ImmutableArray<string> Presets { get; init; }

    /// <summary>Where the manager names the units it has run something for.</summary>
    internal required string State { get; init; }

    /// <summary>What specifiers stand for.</summary>
    internal required SpecifierValues Values { get; init; }

    /// <summary>The system's manager.</summary>
    /// <param name="splitUsr">Whether /lib is a directory of its own.</param>
    internal static UnitScope System(bool splitUsr) => new()
    {
        User = null,
        Directories =
        [
            "/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient", "/run/systemd/generator.early",
            "/etc/systemd/system", "/etc/systemd/system.attached", "/run/systemd/system", "/run/systemd/system.attached",
            "/run/systemd/generator", "/usr/local/lib/systemd/system", .. Vendor("/usr/lib/systemd/system", splitUsr), "/run/systemd/generator.late",
        ],
        Persistent = "/etc/systemd/system",
        Generated = ["/run/systemd/generator", "/run/systemd/generator.early", "/run/systemd/generator.late"],
        TransientDirectory = "/run/systemd/transient",
        Presets = PresetDirectories("system", splitUsr),
        State = "/run/systemd/units",
        Values = SpecifierValues.System,
    };

    /// <summary>The manager of a user.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="name">The login name; null where it is not known.</param>
    /// <param name="home">The home directory; null where it is not known.</param>
    internal static UnitScope OfUser(uint uid, string? name, string? home)
    {
        string run = string.Create(CultureInfo.InvariantCulture, $"/run/user/{uid}");
        string config = $"{home}/.config/systemd";
        IEnumerable<string> AtHome(params string[] paths) => home is null ? [] : paths;
        return new()
        {
            User = uid,
            Directories =
            [
                .. AtHome($"{config}/user.control"), $"{run}/systemd/user.control", $"{run}/systemd/transient", $"{run}/systemd/generator.early",
                .. AtHome($"{config}/user"), "/etc/xdg/systemd/user", "/etc/systemd/user", $"{run}/systemd/user", "/run/systemd/user",
                $"{run}/systemd/generator", .. AtHome($"{home}/.local/share/systemd/user"), "/usr/local/share/systemd/user", "/usr/share/systemd/user",
                "/usr/local/lib/systemd/user", "/usr/lib/systemd/user", $"{run}/systemd/generator.late",
            ],
            Persistent = $"{config}/user",
            Generated = [$"{run}/systemd/generator", $"{run}/systemd/generator.early", $"{run}/systemd/generator.late"],
            TransientDirectory = $"{run}/systemd/transient",
            Presets = PresetDirectories("user", splitUsr: false),
            State = $"{run}/systemd/units",
            Values = new SpecifierValues
            {
                RuntimeDirectory = run,
                StateDirectory = home is null ? null : $"{home}/.local/state",
                CacheDirectory = home is null ? null : $"{home}/.cache",
                ConfigurationDirectory = home is null ? null : $"{home}/.config",
                Home = home,
                UserName = name,
                UserId = uid,
            },
        };
    }

    /// <summary>Whether what stands at a path is gone after the next boot.</summary>
    internal static bool IsRuntime(string path) => path.StartsWith("/run/", StringComparison.Ordinal);

    /// <summary>Whether a directory, or one of its parents, is a place for units.</summary>
    internal bool Holds(string path) => Directories.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static ImmutableArray<string> PresetDirectories(string kind, bool splitUsr) =>
    [
        $"/etc/systemd/{kind}-preset", $"/run/systemd/{kind}-preset", $"/usr/local/lib/systemd/{kind}-preset",
        .. Vendor($"/usr/lib/systemd/{kind}-preset", splitUsr),
    ];

    private static IEnumerable<string> Vendor(string path, bool splitUsr) => splitUsr ? [path["/usr".Length..], path] : [path];
}
