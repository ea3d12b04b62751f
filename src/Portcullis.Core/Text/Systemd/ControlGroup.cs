using System;
using System.Collections.Immutable;
using System.Globalization;

namespace Portcullis.Core.Text.Systemd;

/// <summary>From a process to its unit, by control group, as systemd lays them out (systemd.slice(5), user@.service(5)).</summary>
public static class ControlGroup
{
    private const string Deleted = " (deleted)";

    /// <summary>
    /// The control group that tells of the unit, out of the text of /proc/PID/cgroup (cgroups(7)): the unified hierarchy's,
    /// or that of the hierarchy "name=systemd" where the former is absent or only the root.
    /// </summary>
    /// <returns>An absolute path without any " (deleted)"; null where the text has neither.</returns>
    public static string? PathOf(string text)
    {
        string? unified = null;
        string? named = null;
        // The kernel escapes a line feed in a name, and nothing else that some would take for the end of a line.
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = text.AsSpan(range);
            int first = line.IndexOf(':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf(':') + first + 1;
            if (second <= first || second + 1 >= line.Length || line[second + 1] != '/')
            {
                continue;
            }

            ReadOnlySpan<char> controllers = line[(first + 1)..second];
            if (controllers.IsEmpty && line[..first] is "0")
            {
                unified ??= Clean(line[(second + 1)..]);
            }
            else if (controllers is "name=systemd")
            {
                named ??= Clean(line[(second + 1)..]);
            }
        }

        return unified is null or "/" ? named ?? unified : unified;
    }

    /// <summary>
    /// The unit a control group belongs to, as seen from the manager whose tree begins at "/". What lies below a unit was
    /// delegated to it and belongs to it, whatever it is named; only user@UID.service is looked into, for the user's units.
    /// </summary>
    /// <param name="path">An absolute control group path.</param>
    /// <returns>Null where no unit can be told: the root, a bare slice, a group that systemd did not make.</returns>
    public static ControlGroupUnit? UnitOf(string? path)
    {
        if (path is null || path.Length == 0 || path[0] != '/')
        {
            return null;
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int at = 0;
        ControlGroupUnit? unit = Next(parts, ref at, user: null);
        if (unit is not null && ManagerOf(unit.Name) is uint user)
        {
            return Next(parts, ref at, user) ?? unit;
        }

        return unit;
    }

    private static ControlGroupUnit? Next(string[] parts, ref int at, uint? user)
    {
        ImmutableArray<string>.Builder slices = ImmutableArray.CreateBuilder<string>();
        while (at < parts.Length && IsSlice(parts[at]))
        {
            slices.Add(Unescaped(parts[at++]));
        }

        if (at == parts.Length)
        {
            return null;
        }

        string name = Unescaped(parts[at++]);
        return UnitName.IsValid(name) && !UnitName.IsTemplate(name) ? new ControlGroupUnit(name, user, slices.ToImmutable()) : null;
    }

    private static uint? ManagerOf(string name)
    {
        const string Prefix = "user@";
        const string Suffix = ".service";
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && uint.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
                ? uid
                : null;
    }

    private static bool IsSlice(string part) =>
        part.EndsWith(".slice", StringComparison.Ordinal) && Unescaped(part) is string name
        && UnitName.IsValid(name) && !name.Contains('@', StringComparison.Ordinal);

    // systemd puts "_" before a name that the kernel's own files could have ("cgroup.x", "tasks") or that starts with "_" or ".".
    private static string Unescaped(string part) => part[0] == '_' ? part[1..] : part;

    private static string Clean(ReadOnlySpan<char> path) =>
        (path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path).ToString();
}
