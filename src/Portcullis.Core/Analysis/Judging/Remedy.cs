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

    /// <summary>How to stop and remove what holds a port, with a warning where that might lock people out.</summary>
    public static string Stop(Listener listener) => Caution.Of(listener) is string caution ? $"{caution}; then {StopCommand(listener)}" : StopCommand(listener);

    private static string StopCommand(Listener listener)
    {
        if (listener.SuperServer is SuperServerEntry entry)
        {
            return $"take the line of {entry.Service} out of {entry.Source} and reload {entry.Server}";
        }

        if (listener.Container is { } container)
        {
            return StopContainer(container.Engine, Word(container.Name ?? container.Id));
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

            // A static unit has nothing that disable could take away; what starts it would start it again (systemctl(1)).
            string verb = units.Count == 1 && listener.Unit is { Enabled: "static" } ? "mask" : "disable";
            return $"stop it for good: {user} {verb} --now {string.Join(' ', units)}{remove}";
        }

        if (listener.Processes is [{ Pid: 1 }])
        {
            return "find the unit for which PID 1 holds it (systemctl list-sockets --all), then stop that: sudo systemctl disable --now UNIT";
        }

        ProcessFacts? process = listener.Processes.FirstOrDefault(one => one.Pid != 1);
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
        (listener.Unit?.Package is PackageFacts package ? package
            : listener.Unit is not null || listener.Processes.Any(process => Interpreter.Is(process.Executable) && process.ScriptPackage is null) ? null
            : listener.Package) is { } found && !Caution.IsVital(found) ? found : null;

    private static string StopContainer(string engine, string name) => engine switch
    {
        "docker" or "podman" => $"stop the container: {engine} stop {name}",
        "nspawn" => $"stop the container: machinectl stop {name}",
        "lxc" => $"stop the container: lxc-stop -n {name} (incus stop {name}, lxc stop {name} where one of these made it)",
        "containerd" or "cri-o" or "kubernetes" => $"take it out of what starts it, else it comes back: kubectl get pods -A names its pod, sudo crictl ps the container {name}",
        _ => $"stop the container {name} by what made it ({engine})",
    };

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
