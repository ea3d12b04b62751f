using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Says how to mend something, with the command.</summary>
public static class Remedy
{
    /// <summary>How to make a service heard by this host alone, or else to close it.</summary>
    internal static string BindInside(Listener listener) =>
        listener.Published is { ContainerPort: int inside } port
            ? string.Create(CultureInfo.InvariantCulture, $"publish the container's port on this host only: {(listener.Container?.Engine == "podman" ? "podman" : "docker")} run -p 127.0.0.1:{port.Port}:{inside} …")
            : $"bind it to 127.0.0.1 in its configuration if only this host uses it, else {Lower(Stop(listener))}";

    /// <summary>How to stop and remove what holds a port.</summary>
    public static string Stop(Listener listener)
    {
        if (listener.SuperServer is SuperServerEntry entry)
        {
            return $"take the line of {entry.Service} out of {entry.Source} and reload {entry.Server}";
        }

        if (listener.Container is { } container)
        {
            return $"stop the container: {(container.Engine == "podman" ? "podman" : container.Engine == "nspawn" ? "machinectl" : "docker")} stop {Word(container.Name ?? container.Id)}";
        }

        List<string> units = UnitsOf(listener);
        if (listener.Holder.Kind == HolderKind.Kernel)
        {
            return $"the kernel itself listens, for {listener.Kernel ?? "a service of its own"}: take away what asks for it (for a tunnel its interface, see ip -d link; else its server)";
        }

        string remove = PackageToRemove(listener) is PackageFacts package ? $", and remove it where nothing else needs it: {RemoveCommand(package)}" : "";
        if (units.Count > 0)
        {
            string user = listener.Unit?.User is null ? "sudo systemctl" : "systemctl --user";
            return $"stop it for good: {user} disable --now {string.Join(' ', units)}{remove}";
        }

        ProcessFacts? process = listener.Processes.FirstOrDefault();
        return process is null ? "find out what holds it (run as root), then stop it"
            : string.Create(CultureInfo.InvariantCulture, $"find out who started it (ps -o pid,ppid,user,lstart,cmd -p {process.Pid}), then end it: sudo kill {process.Pid}{remove}");
    }

    /// <summary>A word that a shell takes as it is.</summary>
    public static string Word(string text)
    {
        bool isPlain = text.Length > 0;
        foreach (char letter in text)
        {
            isPlain &= char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '@' or ':' or '%' or '+' or '=';
        }

        return isPlain ? text : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>What has to be stopped so that nothing starts it again: its socket unit, itself, and what it would start; as words for a shell.</summary>
    private static List<string> UnitsOf(Listener listener)
    {
        List<string> units = [];
        Add(listener.ActivatedBy ?? listener.Unit?.ActivatedBy);
        Add(listener.Unit is { Transient: false } own ? own.Name : null);
        Add(listener.Unit?.Activates);
        return units;

        void Add(string? unit)
        {
            if (unit is not null && Word(unit) is string word && !units.Contains(word))
            {
                units.Add(word);
            }
        }
    }

    /// <summary>The command that removes a package.</summary>
    internal static string RemoveCommand(PackageFacts package) => package.Manager switch
    {
        "rpm" => "sudo dnf remove " + Word(package.Name),
        "apk" => "sudo apk del " + Word(package.Name),
        _ => "sudo apt-get remove " + Word(package.Name),
    };

    /// <summary>
    /// The package that brings the service: that of its unit file, since an executable may come from one that others need, as
    /// interpreters do.
    /// </summary>
    private static PackageFacts? PackageToRemove(Listener listener) =>
        listener.Unit?.Package is PackageFacts package ? package
        : listener.Unit is not null || listener.Processes.Any(process => Interpreter.Is(process.Executable) && process.ScriptPackage is null) ? null
        : listener.Package;

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
